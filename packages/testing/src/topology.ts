import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectEventLog, type EventLog, eventLogSettings } from '@michinori/event-log';
import { definitionsTopic, topicSettings, topics } from '@michinori/events';
import { createKeyStore } from '@michinori/runtime';
import { type ClickHouseServer, startClickHouse } from './clickhouse-start.ts';
import type { Cleanup } from './clickhouse-temporary.ts';
import { freePorts } from './free-port.ts';
import type { KafkaServer } from './kafka-cluster.ts';
import { createService, type ServiceName, type TopologyService } from './topology-service.ts';

export { type ServiceName, serviceNames, type TopologyService } from './topology-service.ts';

/** What a topology may be asked for; only the broker is needed. */
export interface TopologyOptions {
  readonly kafka: KafkaServer;
  /** One that is there already; a fresh one by default. */
  readonly clickhouse?: ClickHouseServer;
  /** Partitions of every topic that has no number of its own; 4 by default. */
  readonly partitions?: number;
  /** 1 by default. */
  readonly processors?: number;
  /** `MICHINORI_…` of all services, over the ones that are set here. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A deployment on this machine: Kafka, ClickHouse, and every service as a process of its own. */
export interface Topology {
  readonly kafka: KafkaServer;
  readonly clickhouse: ClickHouseServer;
  readonly ingest: TopologyService;
  readonly processors: readonly TopologyService[];
  readonly queryApi: TopologyService;
  readonly alerter: TopologyService;
  /** All of them. */
  readonly services: readonly TopologyService[];
  /** An API key with every scope: without one the services answer 401. */
  readonly key: string;
  /** A connection of the test's own to the log. */
  readonly log: EventLog;
  /** Starts one more processor; the group shares the partitions. */
  addProcessor(): Promise<TopologyService>;
  /** Resolves when the group has committed everything that is in the log: it is in the tables, and derived. Rejects, with the logs, after five minutes of standstill. */
  untilVisible(): Promise<void>;
}

/** The consumer group of the processors. */
const group = 'michinori-sink';
const pollMs = 20;
const standstillMsMax = 300_000;
const consumed = [topics.events, topics.deadLetters, definitionsTopic];
const portNames: Readonly<Record<ServiceName, string>> = {
  ingest: 'MICHINORI_INGEST_PORT',
  processor: 'MICHINORI_PROCESSOR_PORT',
  'query-api': 'MICHINORI_QUERY_API_PORT',
  alerter: 'MICHINORI_ALERTER_PORT',
};

async function untilCommitted({ log, processors }: Pick<Topology, 'log' | 'processors'>): Promise<void> {
  let [least, sinceMs] = [Number.POSITIVE_INFINITY, Date.now()];
  for (;;) {
    const lags = await Promise.all(consumed.map(async (topic) => ({ topic, lags: await log.lag(group, topic) })));
    const total = lags.flatMap((topic) => topic.lags).reduce((sum, { lag }) => sum + lag, 0);
    if (total === 0) return;
    if (total !== least) [least, sinceMs] = [total, Date.now()];
    if (Date.now() - sinceMs > standstillMsMax) {
      const logs = await Promise.all(processors.map(async (one) => `${one.url}\n${(await one.log()).slice(-3000)}`));
      throw new Error(`the lag stands still: ${JSON.stringify(lags)}\n${logs.join('\n')}`);
    }
    await delay(pollMs);
  }
}

/** Starts a topology and waits until every service is ready; everything ends, and is removed, with the test. */
export async function startTopology(context: Cleanup, options: TopologyOptions): Promise<Topology> {
  const { kafka, partitions = 4, processors: processorCount = 1 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'michinori-topology-'));
  context.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const clickhouse = options.clickhouse ?? (await startClickHouse(context));
  const ports = await freePorts(3 + processorCount);
  const topicPrefix = `t${ports[0]}-${Date.now().toString(36)}.`;
  const settings = eventLogSettings.parse({ kafka: { brokers: kafka.brokers, topicPrefix, partitions } });
  const log = await connectEventLog(settings, folder, { topics: topicSettings });
  context.onTestFinished(() => log.close());
  const keysFile = join(folder, 'keys.json');
  const { key } = createKeyStore({ file: keysFile }).create({
    name: 'topology',
    scopes: ['ingest', 'query', 'admin'],
  });

  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    MICHINORI_DATA: folder,
    MICHINORI_KEYS_FILE: keysFile,
    MICHINORI_LOG_KAFKA_BROKERS: kafka.brokers.join(','),
    MICHINORI_LOG_KAFKA_TOPIC_PREFIX: topicPrefix,
    MICHINORI_LOG_KAFKA_PARTITIONS: String(partitions),
    MICHINORI_LOG_KAFKA_SESSION_TIMEOUT_MS: '6000',
    MICHINORI_CLICKHOUSE_URL: clickhouse.url,
    MICHINORI_CLICKHOUSE_USERNAME: clickhouse.username,
    MICHINORI_CLICKHOUSE_DATABASE: clickhouse.database,
    ...(clickhouse.password === '' ? {} : { MICHINORI_CLICKHOUSE_PASSWORD: clickhouse.password }),
    // Scores depend on when they were evaluated, so answers of two deployments could differ.
    MICHINORI_ALERTER_HEALTH: 'false',
    ...options.env,
  };
  const services: TopologyService[] = [];
  const create = (name: ServiceName, port: number | undefined): TopologyService => {
    const own = { ...env, [portNames[name]]: String(port) };
    const service = createService({ name, port: port ?? 0, env: own, folder, temporaryFolder: folder });
    services.push(service);
    context.onTestFinished(() => service.kill());
    service.start();
    return service;
  };
  const [ingestPort, queryApiPort, alerterPort, ...processorPorts] = ports;
  const processors: TopologyService[] = processorPorts.map((port) => create('processor', port));
  const topology: Topology = {
    ...{ kafka, clickhouse, log, key, services, processors },
    ingest: create('ingest', ingestPort),
    queryApi: create('query-api', queryApiPort),
    alerter: create('alerter', alerterPort),
    async addProcessor() {
      const [port] = await freePorts(1);
      const processor = create('processor', port);
      processors.push(processor);
      await processor.ready();
      return processor;
    },
    untilVisible: () => untilCommitted({ log, processors }),
  };
  await Promise.all(services.map((service) => service.ready()));
  return topology;
}
