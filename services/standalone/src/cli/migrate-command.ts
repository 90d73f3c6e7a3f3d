import { join } from 'node:path';
import { connectClickHouse, migrate } from '@michinori/clickhouse';
import type { StandaloneConfig } from '../config.ts';
import { openStores } from '../open-stores.ts';
import { type Io, printJson } from './io.ts';
import { commandLogger } from './stores-command.ts';

/** `michinori migrate`: brings the tables of the data folder, or of the server that is configured, to this version. */
export async function migrateCommand(io: Io, config: StandaloneConfig, flags: { json: boolean }): Promise<number> {
  const applied = config.clickhouse.url === undefined ? await migrateFolder(io, config) : await migrateServer(config);
  if (flags.json) printJson(io, { applied });
  else io.out(applied.length === 0 ? 'The tables are up to date.\n' : `Applied ${applied.join(', ')}.\n`);
  return 0;
}

/** The log is opened with them: whoever has it has the folder. */
async function migrateFolder(io: Io, config: StandaloneConfig): Promise<readonly string[]> {
  const stores = await openStores(config, commandLogger(io, config));
  await stores.close();
  return stores.migrated;
}

async function migrateServer(config: StandaloneConfig): Promise<readonly string[]> {
  const clickhouse = await connectClickHouse(config.clickhouse, join(config.data, 'clickhouse'));
  try {
    return (await migrate(clickhouse)).applied;
  } finally {
    await clickhouse.close();
  }
}
