import { describe, expect, test } from 'vitest';
import { createGroupCommit, type QueuedOperation } from '../src/embedded/group-commit.ts';
import { EventLogError } from '../src/index.ts';
import { temporaryLog } from './helpers.ts';

type Group = readonly QueuedOperation<string>[];

/** A disk whose flushes end when the test says so. */
function slowDisk() {
  const groups: string[][] = [];
  const flushes: (() => void)[] = [];
  return {
    groups,
    flush: async () => {
      while (flushes.length === 0) await new Promise(setImmediate);
      flushes.shift()?.();
      await new Promise(setImmediate);
    },
    async commitGroup(group: Group) {
      groups.push(group.map(({ operation }) => operation));
      await new Promise<void>((resolve) => flushes.push(resolve));
      for (const { operation, resolve } of group) resolve(`done ${operation}`);
    },
  };
}

const overloaded = { code: 'log_overloaded', canRetry: true };

describe('group commit', () => {
  test('what arrives during a flush shares the next one; nothing resolves before its flush', async () => {
    const disk = slowDisk();
    const queue = createGroupCommit<string>({
      commitGroup: disk.commitGroup,
      pendingWeightMax: 1000,
      groupWeightMax: 1000,
    });
    const done: unknown[] = [];
    const submit = (name: string) => queue.submit(name, 1).then((result) => done.push(result));
    const first = [submit('a'), submit('b')];
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const second = [submit('c'), submit('d'), submit('e')];
    expect(done).toEqual([]);
    await disk.flush();
    await Promise.all(first);
    expect(done).toEqual(['done a', 'done b']);
    await disk.flush();
    await Promise.all(second);
    expect(disk.groups).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  });

  test('a group ends at its weight, a heavier operation goes alone', async () => {
    const disk = slowDisk();
    const queue = createGroupCommit<string>({
      commitGroup: disk.commitGroup,
      pendingWeightMax: 1000,
      groupWeightMax: 10,
    });
    const all = [
      queue.submit('a', 6),
      queue.submit('b', 4),
      queue.submit('c', 1),
      queue.submit('d', 99),
      queue.submit('e', 1),
    ];
    for (let flush = 0; flush < 4; flush += 1) await disk.flush();
    await Promise.all(all);
    expect(disk.groups).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
  });

  test('beyond the limit operations are refused until the disk has caught up; the own ones never are', async () => {
    const disk = slowDisk();
    const queue = createGroupCommit<string>({
      commitGroup: disk.commitGroup,
      pendingWeightMax: 10,
      groupWeightMax: 100,
    });
    const oversized = queue.submit('a', 11);
    await expect(queue.submit('b', 1)).rejects.toMatchObject(overloaded);
    const own = queue.submit('own', 0);
    await disk.flush();
    await Promise.all([oversized, own]);
    expect(queue.pendingWeight()).toBe(0);
    const later = [queue.submit('c', 5), queue.submit('d', 5)];
    await expect(queue.submit('e', 1)).rejects.toMatchObject(overloaded);
    await disk.flush();
    await Promise.all(later);
  });

  test('refuse lets the queue drain', async () => {
    const disk = slowDisk();
    const queue = createGroupCommit<string>({ commitGroup: disk.commitGroup, pendingWeightMax: 10, groupWeightMax: 1 });
    const first = queue.submit('a', 1);
    const second = queue.submit('b', 1);
    queue.refuse(new EventLogError('log_closed', 'closed'));
    await expect(queue.submit('c', 1)).rejects.toMatchObject({ code: 'log_closed' });
    await disk.flush();
    await expect(first).resolves.toBe('done a');
    await disk.flush();
    await expect(second).resolves.toBe('done b');
    await queue.drained();
  });

  test('fail refuses what is queued and what comes, and waits for what is under way', async () => {
    const disk = slowDisk();
    const queue = createGroupCommit<string>({
      commitGroup: disk.commitGroup,
      pendingWeightMax: 10,
      groupWeightMax: 1,
    });
    const underWay = queue.submit('a', 1);
    const queued = expect(queue.submit('b', 1)).rejects.toMatchObject({ code: 'log_write_failed' });
    while (disk.groups.length === 0) await new Promise(setImmediate);
    queue.fail(new EventLogError('log_write_failed', 'broken'));
    await queued;
    await expect(queue.submit('c', 1)).rejects.toMatchObject({ code: 'log_write_failed' });
    await disk.flush();
    await expect(underWay).resolves.toBe('done a');
    await queue.drained();
    expect([disk.groups, queue.pendingWeight()]).toEqual([[['a']], 0]);
  });
});

describe('back-pressure of the embedded log', () => {
  test('appends beyond pendingBytesMax are refused with log_overloaded and leave no trace; later ones succeed', async (context) => {
    const log = await temporaryLog(context, { partitions: 1, pendingBytesMax: 10_000 });
    await log.generation('events');
    const value = new Uint8Array(3000);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => log.append('events', [{ key: 'k', value }])),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(7);
    for (const { reason } of refused) expect(reason).toMatchObject(overloaded);
    expect(await log.positions('events')).toEqual([{ partition: 0, earliest: 0, next: 3 }]);
    expect(await log.append('events', [{ key: 'k', value }])).toEqual([{ partition: 0, offset: 3 }]);
    expect(log.usage().pendingBytes).toBe(0);
    await expect(log.append('events', [{ key: 'k', value: new Uint8Array(20_000) }])).rejects.toMatchObject({
      code: 'append_too_large',
    });
  });
});
