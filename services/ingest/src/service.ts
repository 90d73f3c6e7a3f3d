import { join } from 'node:path';
import { connectEventLog, type EventLog, EventLogError, useTopics } from '@michinori/event-log';
import { topics } from '@michinori/events';
import {
  assertListenAddress,
  clientLog,
  createStandIn,
  openKeys,
  type Part,
  type Service,
  type ServiceContext,
} from '@michinori/runtime';
import { createIngest } from './app.ts';
import { type IngestProcessConfig, loadIngestConfig } from './config.ts';
import type { IngestFaults } from './faults.ts';

/** Ingest as a process: it listens at once, and refuses events with 503 until the log is there. */
export const ingestService: Service<IngestProcessConfig> = createIngestService();

/** The same for a test that lets the process die at a labelled step. */
export function createIngestService(underTest: { faults?: IngestFaults } = {}): Service<IngestProcessConfig> {
  return { name: 'ingest', load: loadIngestConfig, build: (context) => build(context, underTest) };
}

function build(context: ServiceContext<IngestProcessConfig>, underTest: { faults?: IngestFaults }): Part[] {
  const { config, logger, metrics, health, nowUs, waitFor } = context;
  const { host, port } = config.ingest;
  const keys = openKeys(config, logger);
  assertListenAddress({ host, activeKeys: keys.activeCount() });
  const log = createStandIn<EventLog>(() => new EventLogError('log_unavailable', 'the event log is not open yet'));
  const ingest = createIngest({
    ...{ keys, metrics, logger, health },
    ...underTest,
    log: log.port,
    config: config.ingest,
    clock: { nowUs },
  });
  let opened: EventLog | undefined;

  async function connect(): Promise<EventLog> {
    const found = await connectEventLog(config.log, join(config.data, 'log'), { onLog: clientLog(logger) });
    return useTopics(found, [topics.events, topics.deadLetters]);
  }

  return [
    {
      name: 'http server',
      async start() {
        const url = await ingest.app.listen({ host, port });
        logger.info({ url, isOpen: keys.isUnused() }, 'listening');
      },
      stop: () => ingest.app.close(),
    },
    {
      name: 'event log',
      startDeadlineMs: Number.POSITIVE_INFINITY,
      async start(signal) {
        opened = await waitFor('the event log', connect, { signal });
        log.become(opened);
      },
      stop: () => opened?.close(),
    },
    { name: 'requests', stop: ingest.drain },
  ];
}
