import type { StandaloneConfig } from '../config.ts';
import { openStores } from '../open-stores.ts';
import { type Io, printJson } from './io.ts';

/** `michinori migrate`: brings the tables of the data folder to this version. */
export async function migrateCommand(io: Io, config: StandaloneConfig, flags: { json: boolean }): Promise<number> {
  const stores = await openStores(config);
  const applied = [...stores.migrated];
  await stores.close();
  if (flags.json) printJson(io, { applied });
  else io.out(applied.length === 0 ? 'The tables are up to date.\n' : `Applied ${applied.join(', ')}.\n`);
  return 0;
}
