import { join } from 'node:path';
import { type ClickHouse, connectEmbedded, migrate } from '@michinori/clickhouse';
import { type EmbeddedLog, openEmbeddedLog } from '@michinori/event-log/embedded';
import { topicSettings } from '@michinori/events';
import type { StandaloneConfig } from './config.ts';

/** The durable things of the data folder, opened and owned by this process. */
export interface Stores {
  log: EmbeddedLog;
  clickhouse: ClickHouse;
  /** Files of migrations that were applied just now. */
  migrated: readonly string[];
  close(): Promise<void>;
}

/** Opens the log (which takes the folder for this process), then the tables, and migrates them. */
export async function openStores(config: StandaloneConfig): Promise<Stores> {
  const { retentionBytesMax, retentionAgeMsMax, partitions } = config.log;
  const log = await openEmbeddedLog({
    path: join(config.data, 'log'),
    partitions,
    topics: topicSettings,
    retention: {
      ...(retentionBytesMax > 0 ? { bytesMax: retentionBytesMax } : {}),
      ...(retentionAgeMsMax > 0 ? { ageMsMax: retentionAgeMsMax } : {}),
    },
  });
  let clickhouse: ClickHouse | undefined;
  try {
    clickhouse = await connectEmbedded({ path: join(config.data, 'clickhouse'), readers: config.clickhouse.readers });
    const { applied } = await migrate(clickhouse);
    const opened = clickhouse;
    return {
      log,
      clickhouse: opened,
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
