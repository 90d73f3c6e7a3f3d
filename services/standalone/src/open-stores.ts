import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClickHouse, connectClickHouse, migrate } from '@michinori/clickhouse';
import { connectEventLog, type EventLog, useTopics } from '@michinori/event-log';
import { definitionsTopic, topicSettings, topics } from '@michinori/events';
import { clientLog, type Logger } from '@michinori/runtime';
import type { StandaloneConfig } from './config.ts';

/** Log and tables, opened. Those of the data folder belong to this process; servers may have other clients. */
export interface Stores {
  log: EventLog;
  clickhouse: ClickHouse;
  /** Folder of the embedded engine; undefined with a server. */
  engineFolder: string | undefined;
  /** Files of migrations that were applied just now. */
  migrated: readonly string[];
  close(): Promise<void>;
}

/** Whether the log is on Kafka, and not in the data folder. */
export const isOnKafka = ({ log }: Pick<StandaloneConfig, 'log'>): boolean => log.kafka.brokers.length > 0;

/** Opens the log alone, with every topic there and as its settings say. */
export async function openLog(
  { log, data }: Pick<StandaloneConfig, 'data' | 'log'>,
  logger: Logger,
): Promise<EventLog> {
  const options = { topics: topicSettings, onLog: clientLog(logger) };
  return useTopics(await connectEventLog(log, join(data, 'log'), options), topicNames);
}

/** Every topic, by its name without the prefix of the deployment. */
export const topicNames: readonly string[] = [...Object.values(topics), definitionsTopic];

/** Opens the log (an embedded one takes the folder for this process), then the tables, and migrates them. */
export async function openStores(
  config: Pick<StandaloneConfig, 'data' | 'log' | 'clickhouse'>,
  logger: Logger,
): Promise<Stores> {
  // Also on servers: states of imports and the address of the process stand there.
  await mkdir(config.data, { recursive: true });
  const log = await openLog(config, logger);
  let clickhouse: ClickHouse | undefined;
  try {
    const folder = join(config.data, 'clickhouse');
    clickhouse = await connectClickHouse(config.clickhouse, folder);
    const { applied } = await migrate(clickhouse);
    const opened = clickhouse;
    return {
      log,
      clickhouse: opened,
      engineFolder: opened.kind === 'embedded' ? folder : undefined,
      migrated: applied,
      async close() {
        await opened.close();
        await log.close();
      },
    };
  } catch (error) {
    await clickhouse?.close();
    await log.close();
    throw error;
  }
}
