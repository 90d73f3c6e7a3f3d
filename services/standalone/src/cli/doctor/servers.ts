import type { Logger } from '@michinori/runtime';
import type { StandaloneConfig } from '../../config.ts';
import { isOnKafka } from '../../open-stores.ts';
import { checkClickHouseServer } from './clickhouse-server.ts';
import type { Finding } from './finding.ts';
import { checkKafka } from './kafka.ts';
import { checkServices } from './services.ts';

/** Whether log or tables are on servers, so that several processes share them. */
export const isOnServers = (config: Pick<StandaloneConfig, 'log' | 'clickhouse'>): boolean =>
  isOnKafka(config) || config.clickhouse.url !== undefined;

/** What a deployment on servers needs. Whatever is still in the data folder belongs to one process, and is said to. */
export async function checkServers(config: StandaloneConfig, logger: Logger): Promise<Finding[]> {
  return [
    isOnKafka(config) ? await checkKafka(config, logger) : shared('event log', 'log.kafka.brokers'),
    ...(config.clickhouse.url === undefined
      ? [shared('clickhouse', 'clickhouse.url')]
      : await checkClickHouseServer(config)),
    ...(await checkServices(config)),
  ];
}

function shared(check: string, setting: string): Finding {
  return {
    check,
    state: 'warning',
    detail: 'embedded in the data folder, which one process can have at a time',
    mend: `run everything in one process (michinori dev), or set ${setting}`,
  };
}
