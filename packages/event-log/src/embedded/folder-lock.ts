import { join } from 'node:path';
import { open } from 'lmdb';
import { EventLogError } from '../errors.ts';

export interface FolderLock {
  release(): Promise<void>;
}

interface NamedLocks {
  attemptLock(key: string, version: number, onUnlocked: () => void): boolean;
  unlock(key: string, version: number): void;
}

/**
 * Takes the data folder for this process, until `release` or the end of the process, however it ends.
 *
 * A tiny LMDB environment beside the data serves as the lock: a process with a read transaction stands in its reader table under its pid and
 * holds an operating-system lock (fcntl) on the byte of the lock file that its pid numbers. The kernel drops that lock when the process dies,
 * so liveness is never guessed from time or from a pid alone; `readerCheck` removes entries whose byte is free. Each process enters itself
 * first and looks for others afterwards: two that start at the same instant may both be refused, never both admitted. Inside one process (also
 * between its threads) a named lock of the environment decides, because fcntl locks don't bind the process that holds them.
 */
export async function acquireFolderLock(folder: string): Promise<FolderLock> {
  const owners = open<Buffer, string>({
    path: join(folder, 'owner.lmdb'),
    encoding: 'binary',
    overlappingSync: false,
    maxReaders: 64,
  });
  const named = owners as unknown as NamedLocks;
  const refuse = (holder: string, cause?: unknown): never => {
    throw new EventLogError('log_locked', `the data folder ${folder} is in use by ${holder}`, { cause });
  };

  if (!named.attemptLock('owner', 1, () => {})) {
    await owners.close();
    return refuse(`this process already (pid ${process.pid})`);
  }
  let presence: ReturnType<typeof owners.useReadTransaction>;
  try {
    presence = owners.useReadTransaction();
  } catch (error) {
    // The byte of our own pid is locked by somebody else: only a process of another pid namespace can do that.
    // Closing would clear the other's entry, which looks like ours: the handle stays open until this process ends.
    return refuse(`a process with the same pid ${process.pid}, as in another container`, error);
  }
  owners.readerCheck();
  const others = readerPids(owners.readerList()).filter((pid) => pid !== process.pid);
  if (others.length > 0) {
    named.unlock('owner', 1);
    presence.done();
    await owners.close();
    return refuse(`another process (pid ${others.join(', ')})`);
  }
  return {
    async release() {
      named.unlock('owner', 1);
      presence.done();
      await owners.close();
    },
  };
}

/** The pids of LMDB's reader list: a heading, then one line per reader that begins with its pid. */
function readerPids(readerList: string): number[] {
  return readerList
    .split('\n')
    .map((line) => /^\s*(\d+)\s/.exec(line)?.[1])
    .filter((pid) => pid !== undefined)
    .map(Number);
}
