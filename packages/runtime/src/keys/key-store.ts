import { randomBytes } from 'node:crypto';
import { MichinoriError } from '../michinori-error.ts';
import { changeKeyFile, type KeyScope, keyFileStamp, keyScopes, readKeyFile, type StoredKey } from './key-file.ts';
import { hashKey, keyPrefix, matchesHash, newKey } from './key-format.ts';

/** What may be shown of a key; its secret is not kept anywhere. */
export type KeyDescription = Pick<StoredKey, 'prefix' | 'name' | 'scopes' | 'createdAt' | 'revokedAt'>;

export type KeyVerdict = 'ok' | 'unknown' | 'forbidden';

export interface KeyStore {
  /** Makes a key; the returned text is the only time that it is visible. */
  create(request: { name: string; scopes: readonly KeyScope[] }): { key: string; description: KeyDescription };
  list(): KeyDescription[];
  /** Revokes by prefix (with or without `mk_`). False if there is no such active key. */
  revoke(prefix: string): boolean;
  /** `admin` includes the other scopes. Takes the same time wherever a wrong key differs from the right one. */
  verify(key: string, scope: KeyScope): KeyVerdict;
  /** Number of keys that would be accepted. */
  activeCount(): number;
  /** No key has ever been made (revoked ones count as made). Stays false for this process once it was. */
  isUnused(): boolean;
}

export interface KeyStoreOptions {
  file: string;
  nowMs?: () => number;
  /** How often at most the file is looked at for changes; default 1000. */
  checkIntervalMs?: number;
  /** Told when a changed file can't be read; the keys read before stay in force. */
  onReadError?: (error: unknown) => void;
}

const nobody = { salt: '0'.repeat(32), hash: '0'.repeat(64) };

function describe({ prefix, name, scopes, createdAt, revokedAt }: StoredKey): KeyDescription {
  return { prefix, name, scopes, createdAt, revokedAt };
}

/** The API keys of an installation, kept as salted hashes in a file. The first read happens here and may throw. */
export function createKeyStore(options: KeyStoreOptions): KeyStore {
  const { file, nowMs = Date.now, checkIntervalMs = 1000, onReadError = () => {} } = options;
  let stamp = keyFileStamp(file);
  let keys = readKeyFile(file);
  let byPrefix = new Map(keys.map((key) => [key.prefix, key]));
  let checkedAtMs = nowMs();
  let wasUsed = keys.length > 0;

  function load(): void {
    checkedAtMs = nowMs();
    const found = keyFileStamp(file);
    if (found === stamp) return;
    stamp = found;
    try {
      keys = readKeyFile(file);
      byPrefix = new Map(keys.map((key) => [key.prefix, key]));
      wasUsed ||= keys.length > 0;
    } catch (error) {
      onReadError(error);
    }
  }

  function refresh(): void {
    const sinceMs = nowMs() - checkedAtMs;
    if (sinceMs >= checkIntervalMs || sinceMs < 0) load();
  }

  return {
    create({ name, scopes }) {
      const wrong = scopes.find((scope) => !keyScopes.includes(scope));
      if (name.trim() === '' || name.length > 200 || scopes.length === 0 || wrong !== undefined) {
        throw new MichinoriError(
          'key_request',
          `A key needs a name and at least one scope of ${keyScopes.join(', ')}.`,
        );
      }
      const { key, prefix } = newKey();
      const salt = randomBytes(16).toString('hex');
      const stored: StoredKey = {
        prefix,
        name,
        scopes: [...new Set(scopes)],
        salt,
        hash: hashKey(key, salt),
        createdAt: new Date(nowMs()).toISOString(),
        revokedAt: null,
      };
      changeKeyFile(file, (existing) => [...existing, stored], nowMs());
      load();
      return { key, description: describe(stored) };
    },

    list() {
      load();
      return keys.map(describe);
    },

    revoke(prefix) {
      const wanted = /^(?:mk_)?([0-9a-z]{8})(?:_|$)/.exec(prefix)?.[1];
      let wasActive = false;
      const revokedAt = new Date(nowMs()).toISOString();
      const revoked = (key: StoredKey): StoredKey => {
        if (key.prefix !== wanted || key.revokedAt !== null) return key;
        wasActive = true;
        return { ...key, revokedAt };
      };
      changeKeyFile(file, (existing) => existing.map(revoked), nowMs());
      load();
      return wasActive;
    },

    verify(key, scope) {
      refresh();
      const stored = byPrefix.get(keyPrefix(key) ?? '');
      const { salt, hash } = stored ?? nobody;
      const isSame = matchesHash(key, salt, hash);
      if (stored === undefined || !isSame || stored.revokedAt !== null) return 'unknown';
      return stored.scopes.includes(scope) || stored.scopes.includes('admin') ? 'ok' : 'forbidden';
    },

    activeCount() {
      refresh();
      return keys.filter(({ revokedAt }) => revokedAt === null).length;
    },

    isUnused() {
      refresh();
      return !wasUsed;
    },
  };
}
