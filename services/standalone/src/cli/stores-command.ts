import { createProcessor } from '@michinori/processor';
import { createLogger, createMetrics, type Logger } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';
import { isOnKafka, openStores, type Stores } from '../open-stores.ts';
import { version } from '../version.ts';
import type { Io } from './io.ts';

/** Logger of a command: on standard error, so that standard output stays the answer. */
export function commandLogger(
  io: Io,
  config: Pick<StandaloneConfig, 'logLevel'>,
  format: 'human' | 'json' = 'human',
): Logger {
  return createLogger({
    service: 'michinori',
    level: config.logLevel,
    format,
    destination: { write: io.err },
  });
}

/**
 * Opens the stores for the time of one command. Of an embedded log the command carries what is new into the tables; of Kafka the processors of the
 * deployment do.
 */
export async function withStores<T>(
  config: StandaloneConfig,
  logger: Logger,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const stores = await openStores(config, logger);
  if (isOnKafka(config)) return work(stores).finally(() => stores.close());
  const processor = createProcessor({
    log: stores.log,
    clickhouse: stores.clickhouse,
    metrics: createMetrics({ service: 'michinori', version, withProcessMetrics: false }),
    logger,
    config: { ...config.processor, auditShareMax: 0 },
  });
  try {
    await processor.start();
    return await work(stores);
  } finally {
    await processor.stop();
    await stores.close();
  }
}
