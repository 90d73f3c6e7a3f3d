import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 100;
const unnamedMsMax = 5_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isAbandoned(lock: string, holdMsMax: number): Promise<boolean> {
  try {
    const holder = Number(await readFile(lock, 'utf8'));
    const ageMs = Date.now() - (await stat(lock)).mtimeMs;
    return holder > 0 ? !isAlive(holder) || ageMs > holdMsMax : ageMs > unnamedMsMax;
  } catch {
    return false;
  }
}

/**
 * Runs `work` while no other process does so under the same lock file. The lock of a process that died, or that has
 * held it longer than `holdMsMax`, is taken over; two that take it over in the same instant may both work.
 */
export async function withLockFile<T>(lock: string, holdMsMax: number, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isAbandoned(lock, holdMsMax)) await rm(lock, { force: true });
    else await delay(pollMs);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}
