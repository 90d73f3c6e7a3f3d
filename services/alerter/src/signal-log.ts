import { join } from 'node:path';
import { connectEventLog, type EventLog, EventLogError } from '@michinori/event-log';
import { topicSettings } from '@michinori/events';
import { clientLog, createStandIn, type Part, type ServiceContext } from '@michinori/runtime';
import type { AlerterProcessConfig } from './config.ts';

/** Where channels of the type `signals` write. */
export interface SignalLog {
  readonly log: Pick<EventLog, 'append'>;
  readonly part: Part;
}

/**
 * The log that signals are written to, opened in the background when the process starts with a channel that needs it, else when the first signal is
 * to be written. Until it is there, what is for it waits. Null without Kafka: an embedded log belongs to the process that owns its folder.
 *
 * @param isNeeded whether a channel writes to it from the start
 */
export function openSignalLog(
  { config, logger, waitFor, fatal }: ServiceContext<AlerterProcessConfig>,
  isNeeded: boolean,
): SignalLog | null {
  if (config.log.kafka.brokers.length === 0) return null;
  const standIn = createStandIn<EventLog>(() => new EventLogError('log_unavailable', 'the event log is not open yet'));
  const ended = new AbortController();
  let opening: Promise<void> | undefined;
  let opened: EventLog | undefined;

  async function open(): Promise<void> {
    try {
      const options = { topics: topicSettings, onLog: clientLog(logger) };
      const connect = () => connectEventLog(config.log, join(config.data, 'log'), options);
      opened = await waitFor('the event log', connect, { signal: ended.signal });
      standIn.become(opened);
    } catch (error) {
      if (!ended.signal.aborted) fatal(error instanceof Error ? error : new Error(String(error)));
    }
  }

  const begin = (): void => {
    opening ??= open();
  };
  return {
    log: {
      append(topic, records) {
        begin();
        return standIn.port.append(topic, records);
      },
    },
    part: {
      name: 'event log',
      start() {
        if (isNeeded) begin();
      },
      async stop() {
        ended.abort();
        await opening;
        await opened?.close();
      },
    },
  };
}
