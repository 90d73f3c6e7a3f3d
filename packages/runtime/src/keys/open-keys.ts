import { join } from 'node:path';
import type { Logger } from '../logger.ts';
import { createKeyStore, type KeyStore } from './key-store.ts';

/** The API keys of an installation: `keys.json` in the data folder unless the configuration names another file. */
export function openKeys(
  { data, keysFile }: { data: string; keysFile?: string | undefined },
  logger: Logger,
): KeyStore {
  return createKeyStore({
    file: keysFile ?? join(data, 'keys.json'),
    onReadError: (error) => logger.error({ err: error }, 'the key file is not valid, its former keys stay in force'),
  });
}
