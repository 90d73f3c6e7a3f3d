import { setImmediate } from 'node:timers/promises';
import type { EventLogError } from '../errors.ts';
import type { Membership } from './membership.ts';
import { backoffMs, pause } from './pause.ts';

interface Waiting {
  offset: number;
  resolve(): void;
  reject(error: EventLogError): void;
}

/** Commits of the partitions that are ours, each until it is confirmed or the partition is gone. */
export interface Committer {
  /** Resolves when at least this offset is confirmed. */
  commit(partition: number, offset: number): Promise<void>;
  /** Rejects what waits for a partition. */
  giveUp(partition: number, error: EventLogError): void;
}

/** One request at a time for all partitions together: commits that come meanwhile share the next one. */
export function createCommitter(membership: () => Membership): Committer {
  const waiting = new Map<number, Waiting[]>();
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    for (let attempt = 1; ; attempt += 1) {
      await setImmediate();
      if (waiting.size === 0) break;
      const wanted = new Map(
        [...waiting].map(([partition, waits]) => [partition, Math.max(...waits.map(({ offset }) => offset))]),
      );
      const confirmed = await membership().commit(wanted);
      for (const [partition, offset] of confirmed) {
        const waits = waiting.get(partition) ?? [];
        for (const wait of waits) if (wait.offset <= offset) wait.resolve();
        keep(
          partition,
          waits.filter((wait) => wait.offset > offset),
        );
      }
      if (confirmed.size > 0) attempt = 0;
      else if (waiting.size > 0) await pause(backoffMs(Math.min(attempt, 4)));
    }
    isRunning = false;
  }

  function keep(partition: number, waits: Waiting[]): void {
    if (waits.length > 0) waiting.set(partition, waits);
    else waiting.delete(partition);
  }

  return {
    commit(partition, offset) {
      return new Promise((resolve, reject) => {
        waiting.set(partition, [...(waiting.get(partition) ?? []), { offset, resolve, reject }]);
        if (!isRunning) run();
      });
    },
    giveUp(partition, error) {
      for (const wait of waiting.get(partition) ?? []) wait.reject(error);
      waiting.delete(partition);
    },
  };
}
