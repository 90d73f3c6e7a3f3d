import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isEventLogError } from '@michinori/event-log';
import type { Logger } from '@michinori/runtime';
import type { StandaloneConfig } from '../../config.ts';
import { lagOf } from '../../drain-log.ts';
import { openStores, type Stores } from '../../open-stores.ts';
import { readServerFile } from '../../server-file.ts';
import { checkConservation } from './conservation.ts';
import { type Finding, messageOf } from './finding.ts';
import { checkPort } from './port.ts';
import { checkProcess } from './process.ts';

/** The log, the tables and whether they agree; of a folder that a process owns, how that process is. */
export async function checkStores(config: StandaloneConfig, logger: Logger): Promise<Finding[]> {
  if (!existsSync(join(config.data, 'log'))) {
    const detail = 'nothing is stored yet; the first start makes log and tables';
    return [{ check: 'stores', state: 'ok', detail }, await checkPort(config)];
  }
  let stores: Stores;
  try {
    stores = await openStores(config, logger);
  } catch (error) {
    if (isEventLogError(error, 'log_locked')) {
      const url = readServerFile(config.data);
      return [await checkProcess(url, error.message), await checkPort(config, url)];
    }
    const mend = 'see packages/event-log/docs/errors.md and packages/clickhouse/docs/errors.md';
    return [{ check: 'stores', state: 'error', detail: messageOf(error), mend }];
  }
  try {
    return [...(await checkOpened(config, stores)), await checkPort(config)];
  } catch (error) {
    return [
      {
        check: 'stores',
        state: 'error',
        detail: messageOf(error),
        mend: 'look at the disk and at the log of the process',
      },
    ];
  } finally {
    await stores.close();
  }
}

async function checkOpened(config: StandaloneConfig, stores: Stores): Promise<Finding[]> {
  const lag = (await lagOf(stores.log, config.processor.group)).toLocaleString('en-US');
  const tables = stores.migrated.length === 0 ? 'tables up to date' : `migrated now: ${stores.migrated.join(', ')}`;
  return [
    { check: 'event log', state: 'ok', detail: `readable, ${lag} records not yet in the tables` },
    { check: 'clickhouse', state: 'ok', detail: `embedded engine ${await stores.clickhouse.version()}, ${tables}` },
    await checkConservation(config, stores),
  ];
}
