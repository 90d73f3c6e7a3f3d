import { join } from 'node:path';
import { type ClickHouse, connectClickHouse, prepareTables } from '@michinori/clickhouse';
import { connectEventLog, type EventLog, useTopics } from '@michinori/event-log';
import { topicSettings, topics } from '@michinori/events';
import { clientLog, healthServer, type Part, type Service, type ServiceContext } from '@michinori/runtime';
import { loadProcessorConfig, type ProcessorProcessConfig } from './config.ts';
import { consumedTopics } from './consumed-topics.ts';
import { createProcessor, type Processor, type ProcessorOptions } from './processor.ts';

/** The processor as a process. It is the one that brings the tables to this version. */
export const processorService: Service<ProcessorProcessConfig> = createProcessorService();

type UnderTest = Pick<ProcessorOptions, 'faults' | 'verification'>;

/** The same for a test that lets the process die at a labelled step. */
export function createProcessorService(underTest: UnderTest = {}): Service<ProcessorProcessConfig> {
  return { name: 'processor', load: loadProcessorConfig, build: (context) => build(context, underTest) };
}

const unlimited = Number.POSITIVE_INFINITY;

function build(context: ServiceContext<ProcessorProcessConfig>, underTest: UnderTest): Part[] {
  const { config, logger, metrics, health, waitFor, fatal } = context;
  let clickhouse: ClickHouse | undefined;
  let log: EventLog | undefined;
  let processor: Processor | undefined;

  async function connect(): Promise<EventLog> {
    const options = { topics: topicSettings, onLog: clientLog(logger) };
    const found = await connectEventLog(config.log, join(config.data, 'log'), options);
    return useTopics(found, config.processor.signals ? [...consumedTopics, topics.signals] : consumedTopics);
  }

  return [
    healthServer(context, config.processor),
    {
      name: 'clickhouse',
      startDeadlineMs: 120_000,
      async start() {
        clickhouse = await connectClickHouse(config.clickhouse, join(config.data, 'clickhouse'));
      },
      stop: () => clickhouse?.close(),
    },
    {
      name: 'tables',
      startDeadlineMs: unlimited,
      async start(signal) {
        const applied = await prepareTables(opened(clickhouse), { tables: 'make', waitFor, signal });
        if (applied.length > 0) logger.info({ applied }, 'migrated');
      },
    },
    {
      name: 'event log',
      startDeadlineMs: unlimited,
      async start(signal) {
        log = await waitFor('the event log', connect, { signal });
      },
      stop: () => log?.close(),
    },
    {
      name: 'processor',
      // Joining a group takes as long as the slowest of its members needs to let go.
      startDeadlineMs: 120_000,
      async start() {
        processor = createProcessor({
          ...{ metrics, logger },
          ...underTest,
          log: opened(log),
          clickhouse: opened(clickhouse),
          config: config.processor,
          onFatal: fatal,
        });
        for (const check of processor.checks) health.addCheck(check);
        await processor.start();
      },
      stop: () => processor?.stop(),
    },
  ];
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a part is started before the one that it needs');
  return part;
}
