import type { Faults } from '../faults.ts';
import { committable, type Tenancy } from './passage.ts';
import type { Persist } from './persist.ts';

export interface CommitterDependencies {
  commit(topic: string, partition: number, nextOffset: number): Promise<void>;
  faults: Faults;
  persist: Persist;
}

/**
 * Commits what is done: of every partition the longest stretch of passages without one that waits. One commit of a partition
 * at a time; a failed one is tried again until it succeeds or the partition is no longer ours.
 */
export function createCommitter({ commit, faults, persist }: CommitterDependencies) {
  const running = new Map<Tenancy, Promise<void>>();

  async function commitReady(tenancy: Tenancy): Promise<void> {
    const { topic, partition } = tenancy;
    const { count, nextOffset } = committable(tenancy);
    if (count === 0 || tenancy.isRevoked) return;
    await faults.at('sink.before-commit');
    await commit(topic, partition, nextOffset);
    tenancy.passages.splice(0, count);
    await faults.at('sink.after-commit');
  }

  async function run(tenancy: Tenancy): Promise<void> {
    const name = `commit ${tenancy.topic}/${tenancy.partition}`;
    const isMoot = (): boolean => tenancy.isRevoked;
    while (committable(tenancy).count > 0) {
      if (!(await persist({ name, isMoot }, () => commitReady(tenancy)))) return;
    }
  }

  return {
    /** Something of the partition may have become ready. */
    wake(tenancy: Tenancy): void {
      if (running.has(tenancy)) return;
      const work = run(tenancy).finally(() => running.delete(tenancy));
      running.set(tenancy, work);
    },
    /** Resolves when no commit is under way. */
    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}

export type Committer = ReturnType<typeof createCommitter>;
