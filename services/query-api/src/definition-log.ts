import { join } from 'node:path';
import { connectEventLog, type EventLog, EventLogError } from '@michinori/event-log';
import { topicSettings } from '@michinori/events';
import { clientLog, createStandIn, type Part, type ServiceContext } from '@michinori/runtime';
import type { QueryApiProcessConfig } from './config.ts';

/**
 * The log that definitions are written to, opened in the background: questions are answered without it, and writing is refused with 503
 * until it is there. Null without Kafka: an embedded log belongs to the process that owns its folder.
 */
export function openDefinitionLog({
  config,
  logger,
  waitFor,
  fatal,
}: ServiceContext<QueryApiProcessConfig>): { log: EventLog; part: Part } | null {
  if (config.log.kafka.brokers.length === 0) {
    logger.info('no event log in this process (log.kafka.brokers names none): definitions can be seen, not written');
    return null;
  }
  const log = createStandIn<EventLog>(() => new EventLogError('log_unavailable', 'the event log is not open yet'));
  const ended = new AbortController();
  let opening: Promise<void> = Promise.resolve();
  let opened: EventLog | undefined;

  async function open(): Promise<void> {
    try {
      const options = { topics: topicSettings, onLog: clientLog(logger) };
      const connect = () => connectEventLog(config.log, join(config.data, 'log'), options);
      opened = await waitFor('the event log', connect, { signal: ended.signal });
      log.become(opened);
    } catch (error) {
      if (!ended.signal.aborted) fatal(error instanceof Error ? error : new Error(String(error)));
    }
  }

  const part: Part = {
    name: 'event log',
    start() {
      opening = open();
    },
    async stop() {
      ended.abort();
      await opening;
      await opened?.close();
    },
  };
  return { log: log.port, part };
}
