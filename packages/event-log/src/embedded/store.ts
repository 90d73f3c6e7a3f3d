import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, open } from 'lmdb';
import { EventLogError } from '../errors.ts';
import type { MetaKey } from './layout.ts';

/** One change of a transaction; without a value the key is removed. */
export type Change = { in: 'records'; key: Buffer; value?: Buffer } | { in: 'meta'; key: MetaKey; value?: unknown };

export interface Store {
  records: Database<Buffer, Buffer>;
  meta: Database<unknown, (string | number)[]>;
  /** All changes or none; resolves when they are on the disk. */
  commit(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the environment so that a commit is a promise of durability: without `overlappingSync` LMDB's worker thread runs
 * `mdb_txn_commit` to its end before lmdb-js resolves, that is: pages written, fdatasync, then the meta page through a descriptor opened with
 * O_DSYNC. Without `eventTurnBatching` the transaction is exactly one `batch`, and a failed one rejects no promise that nobody holds.
 */
export function openStore(folder: string, { commitTimeoutMs }: { commitTimeoutMs: number }): Store {
  const root = open({ path: join(folder, 'log.lmdb'), overlappingSync: false, eventTurnBatching: false, maxDbs: 4 });
  const records = root.openDB<Buffer, Buffer>('records', { encoding: 'binary', keyEncoding: 'binary' });
  const meta = root.openDB<unknown, (string | number)[]>('meta', { encoding: 'json' });
  let hangs = false;

  async function commit(changes: readonly Change[]): Promise<void> {
    const committed = root.batch(() => {
      for (const change of changes) {
        if (change.in === 'records') {
          if (change.value) records.put(change.key, change.value);
          else records.remove(change.key);
        } else if (change.value === undefined) meta.remove([...change.key]);
        else meta.put([...change.key], change.value);
      }
    });
    try {
      await withDeadline(committed, commitTimeoutMs, () => {
        hangs = true;
        return new EventLogError('log_write_failed', `a transaction did not finish within ${commitTimeoutMs} ms`);
      });
    } catch (error) {
      if (error instanceof EventLogError) throw error;
      const cause = await commitCause(error);
      const { bavail, bsize } = await statfs(folder);
      const bytes = changes.reduce((sum, { value }) => sum + (value instanceof Buffer ? value.length : 0), 0);
      throw classifyCommitFailure(cause, { freeBytes: bavail * bsize, neededBytes: bytes });
    }
    root.resetReadTxn();
  }

  return {
    records,
    meta,
    commit,
    async close() {
      if (!hangs) await root.close();
    },
  };
}

/** lmdb-js rejects with a general error whose `commitError` is a promise that rejects with the errno or LMDB code. */
async function commitCause(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<never> };
  return commitError === undefined ? error : commitError.catch((cause: unknown) => cause);
}

const diskFullCodes: readonly unknown[] = [
  27 /* EFBIG */, 28 /* ENOSPC */, 122 /* EDQUOT */, 69 /* EDQUOT, macOS */, -30792 /* MDB_MAP_FULL */,
];
const shortWriteCode = 5;
const slackBytes = 4 * 1024 * 1024;

/**
 * Disk full or something worse? LMDB reports a short write, the usual first sign of a full disk, as EIO (5): then the free space decides.
 * On a full disk the transaction was rolled back and space may return; after any other failure nothing about the file is certain.
 */
export function classifyCommitFailure(
  cause: unknown,
  space: { freeBytes: number; neededBytes: number },
): EventLogError {
  const code = (cause as { code?: unknown } | undefined)?.code;
  const tight = space.freeBytes < space.neededBytes * 2 + slackBytes;
  if (diskFullCodes.includes(code) || (code === shortWriteCode && tight))
    return new EventLogError(
      'log_disk_full',
      `the disk is full (${space.freeBytes} bytes free); nothing was appended`,
      { cause },
    );
  return new EventLogError(
    'log_write_failed',
    `writing failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
}

async function withDeadline<T>(promise: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
