import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { MichinoriError } from '../michinori-error.ts';

export const keyScopes = ['ingest', 'query', 'admin'] as const;
export type KeyScope = (typeof keyScopes)[number];

const storedKey = z.strictObject({
  prefix: z.string().regex(/^[0-9a-z]{8}$/),
  name: z.string(),
  scopes: z.array(z.enum(keyScopes)).min(1),
  salt: z.string().min(16),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
});

const keyFile = z.strictObject({ version: z.literal(1), keys: z.array(storedKey) });

export type StoredKey = z.output<typeof storedKey>;

const lockAgeMaxMs = 10_000;

/** A value that changes whenever the file is replaced or written; null when there is no file. */
export function keyFileStamp(file: string): string | null {
  const found = statSync(file, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? null : `${found.ino}:${found.size}:${found.mtimeNs}`;
}

/** The stored keys; none when the file doesn't exist. Throws `keys_file_invalid` when it can't be read as such. */
export function readKeyFile(file: string): StoredKey[] {
  if (keyFileStamp(file) === null) return [];
  try {
    return keyFile.parse(JSON.parse(readFileSync(file, 'utf8'))).keys;
  } catch (cause) {
    throw new MichinoriError('keys_file_invalid', `The key file ${file} can't be read as one.`, { cause });
  }
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeKeyFile(file: string, keys: readonly StoredKey[]): void {
  const draft = `${file}.${randomUUID()}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
  flush(dirname(file));
}

/**
 * Replaces the file atomically with what `change` makes of its keys: mode 600, flushed, under a lock file against two
 * commands at once (`keys_file_locked`, retriable). A lock older than ten seconds belongs to a dead process.
 */
export function changeKeyFile(file: string, change: (keys: StoredKey[]) => StoredKey[], nowMs: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const lock = `${file}.lock`;
  const held = statSync(lock, { throwIfNoEntry: false });
  if (held !== undefined && nowMs - held.mtimeMs > lockAgeMaxMs) rmSync(lock, { force: true });
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (cause) {
    throw new MichinoriError('keys_file_locked', `Another command is changing ${file}.`, { canRetry: true, cause });
  }
  try {
    writeKeyFile(file, change(readKeyFile(file)));
  } finally {
    rmSync(lock, { force: true });
  }
}
