import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEventLog, type EventLog, eventLogSettings } from '@michinori/event-log';
import { topicSettings } from '@michinori/events';
import { type ClickHouseHttpServer, freePorts, startClickHouseHttpServer } from '@michinori/testing';
import type { KafkaServer } from '@michinori/testing/kafka';
import {
  killServices,
  type ServiceName,
  type ServiceOptions,
  type ServiceProcess,
  startService,
} from './service-process.ts';

/** Settings of the processor that a test chooses; the rest is the same everywhere. */
export interface Pace {
  batchRecordsMax: number;
  lingerMs: number;
  projectLingerMs: number;
}

export interface TopologyOptions extends Pace {
  partitions: number;
}

/** A broker, a ClickHouse server, and the services as processes that find each other through them. */
export interface Topology {
  readonly kafka: KafkaServer;
  readonly clickhouse: ClickHouseHttpServer;
  /** A connection of the test's own. */
  readonly log: EventLog;
  /** Where ingest listens, now and after every restart. */
  readonly ingestUrl: string;
  /** Before the first request. */
  readonly sinceMs: number;
  start(
    service: ServiceName,
    options?: Omit<ServiceOptions, 'service' | 'env'> & { env?: Record<string, string> },
  ): ServiceProcess;
  /** Kills what runs and removes what was stored. */
  remove(): Promise<void>;
}

/** Short, so that a killed member's partitions change hands soon. */
const sessionTimeoutMs = 4000;

function environment(
  options: TopologyOptions,
  places: { kafka: KafkaServer; url: string; data: string; port: number },
) {
  const { partitions, batchRecordsMax, lingerMs, projectLingerMs } = options;
  return {
    MICHINORI_DATA: places.data,
    MICHINORI_LOG_KAFKA_BROKERS: places.kafka.brokers.join(','),
    MICHINORI_LOG_KAFKA_PARTITIONS: String(partitions),
    MICHINORI_LOG_KAFKA_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
    MICHINORI_CLICKHOUSE_URL: places.url,
    MICHINORI_INGEST_PORT: String(places.port),
    MICHINORI_INGEST_APPEND_TIMEOUT_MS: '5000',
    MICHINORI_QUERY_API_PORT: '0',
    MICHINORI_PROCESSOR_PORT: '0',
    MICHINORI_PROCESSOR_BATCH_RECORDS_MAX: String(batchRecordsMax),
    MICHINORI_PROCESSOR_LINGER_MS: String(lingerMs),
    MICHINORI_PROCESSOR_PROJECT_LINGER_MS: String(projectLingerMs),
    MICHINORI_PROCESSOR_BUILD_POLL_MS: '500',
    MICHINORI_PROCESSOR_RETIRE_AFTER_MS: '1',
    MICHINORI_PROCESSOR_RETRY_DELAY_MS_MIN: '10',
    MICHINORI_PROCESSOR_RETRY_DELAY_MS_MAX: '500',
    // The auditor would put back what the sink lost, and hide it from the test.
    MICHINORI_PROCESSOR_AUDIT_SHARE_MAX: '0',
  };
}

/** Starts the servers; no service yet. */
export async function startTopology(kafka: KafkaServer, options: TopologyOptions): Promise<Topology> {
  const sinceMs = Date.now();
  const removals: (() => Promise<void>)[] = [];
  const data = await mkdtemp(join(tmpdir(), 'michinori-topology-'));
  removals.push(() => rm(data, { recursive: true, force: true }));
  const remove = async () => {
    await killServices();
    for (const close of removals.reverse()) await close();
  };
  try {
    // A test that failed may have left it down.
    if (kafka.nodes.some((node) => !node.isRunning())) await kafka.restart();
    const clickhouse = await startClickHouseHttpServer(
      { onTestFinished: (close) => void removals.push(close) },
      { child: true },
    );
    const [port = 0] = await freePorts(1);
    const topicPrefix = `t${port}.`;
    const settings = { brokers: kafka.brokers, topicPrefix, partitions: options.partitions, sessionTimeoutMs };
    const log = await connectEventLog(eventLogSettings.parse({ kafka: settings }), data, { topics: topicSettings });
    removals.push(() => log.close());
    const env = {
      ...environment(options, { kafka, url: clickhouse.url, data, port }),
      MICHINORI_LOG_KAFKA_TOPIC_PREFIX: topicPrefix,
    };
    return {
      ...{ kafka, clickhouse, log, sinceMs, remove },
      ingestUrl: `http://127.0.0.1:${port}`,
      start: (service, { env: special = {}, ...rest } = {}) =>
        startService({ service, env: { ...env, ...special }, ...rest }),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
