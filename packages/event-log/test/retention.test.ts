import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manyRecords, range, record, startRecorder, until } from '../../testing/src/event-log-harness.ts';
import { type AgedBlock, chooseTrims } from '../src/embedded/retention.ts';
import { createTopicState } from '../src/embedded/topics.ts';
import { temporaryFolder, temporaryLog } from './helpers.ts';

const unlimited = { recordsMax: 1_000_000, bytesMax: 1 << 30 };
const never = Number.NEGATIVE_INFINITY;

function blocksOf(ages: readonly number[], bytes: number): AgedBlock[] {
  const [partition] = createTopicState(1, 't', 1).partitions;
  if (!partition) throw new Error('no partition');
  return ages.map((appendedAtUs, index) => ({
    partition,
    key: Buffer.from([index]),
    bytes,
    nextOffset: index + 1,
    appendedAtUs,
  }));
}

describe('retention', () => {
  test('the oldest blocks of all partitions go first, and no more than needed', () => {
    const ages = fc.array(fc.nat(1000), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(ages, { maxLength: 4 }), fc.nat(300), fc.nat(1200), (partitions, bytesMax, olderThanUs) => {
        const all = partitions.map((list) => blocksOf(list, 10));
        const bytes = all.flat().length * 10;
        const policy = { bytes, bytesMax, olderThanUs, blocksMax: 1000 };
        const chosen = chooseTrims(
          all.map((list) => list.values()),
          policy,
        );
        const left = all.flat().filter((block) => !chosen.includes(block));
        const oldestLeft = Math.min(...left.map(({ appendedAtUs }) => appendedAtUs));
        expect(chosen.every(({ appendedAtUs }) => appendedAtUs <= oldestLeft)).toBe(true);
        expect(left.every(({ appendedAtUs }) => appendedAtUs >= olderThanUs)).toBe(true);
        expect(left.length * 10).toBeLessThanOrEqual(Math.max(bytesMax, 0));
        const young = chosen.filter(({ appendedAtUs }) => appendedAtUs >= olderThanUs);
        if (young.length > 0) expect((left.length + 1) * 10).toBeGreaterThan(bytesMax);
      }),
    );
  });

  test('a pass is bounded', () => {
    const chosen = chooseTrims([blocksOf(range(0, 50), 10).values()], {
      bytes: 500,
      bytesMax: 0,
      olderThanUs: never,
      blocksMax: 7,
    });
    expect(chosen).toHaveLength(7);
  });

  test('by size: nothing goes while any group has not verified it, however small the limit', async (context) => {
    const log = await temporaryLog(context, { partitions: 1, retention: { bytesMax: 1 } });
    for (const index of range(0, 8)) await log.append('events', [record('k', `${index}`)]);
    expect(await log.trim()).toBe(0);
    const fast = await startRecorder(log, 'events', { group: 'fast' });
    const slow = await startRecorder(log, 'events', { group: 'slow' });
    await until(() => expect([fast.records().length, slow.records().length]).toEqual([8, 8]));
    await fast.consumption.commit(0, 8);
    await log.trim();
    expect((await log.positions('events'))[0]?.earliest).toBe(0);
    await slow.consumption.commit(0, 5);
    await until(async () => expect((await log.positions('events'))[0]?.earliest).toBe(5));
    await expect(log.read('events', 0, 4, unlimited)).rejects.toMatchObject({ code: 'offset_out_of_range' });
    expect(await log.read('events', 0, 5, unlimited)).toHaveLength(3);
  });

  test('the newest block stays, so that the next offset survives a reopen', async (context) => {
    const path = await temporaryFolder(context);
    const options = { path, partitions: 1, retention: { bytesMax: 1 } };
    const log = await temporaryLog(context, options);
    for (const index of range(0, 4)) await log.append('events', [record('k', `${index}`)]);
    const { consumption, records } = await startRecorder(log, 'events');
    await until(() => expect(records()).toHaveLength(4));
    await consumption.commit(0, 4);
    await until(async () => expect(await log.positions('events')).toEqual([{ partition: 0, earliest: 3, next: 4 }]));
    await log.close();
    const again = await temporaryLog(context, options);
    expect(await again.positions('events')).toEqual([{ partition: 0, earliest: 3, next: 4 }]);
    expect(await again.append('events', [record('k', 'next')])).toEqual([{ partition: 0, offset: 4 }]);
  });

  test('by age: what is old and verified goes, what is young stays', async (context) => {
    let nowUs = 1_000_000_000;
    const log = await temporaryLog(context, { partitions: 1, retention: { ageMsMax: 10_000 }, nowUs: () => nowUs });
    for (const index of range(0, 6)) {
      await log.append('events', [record('k', `${index}`)]);
      nowUs += 4_000_000;
    }
    const { consumption, records } = await startRecorder(log, 'events');
    await until(() => expect(records()).toHaveLength(6));
    await consumption.commit(0, 6);
    nowUs = 1_000_000_000 + 18_000_000;
    expect(await log.trim()).toBe(2);
    expect((await log.positions('events'))[0]?.earliest).toBe(2);
  });

  test('a kept topic loses nothing, by size or age, also when it is opened without being named', async (context) => {
    const path = await temporaryFolder(context);
    let nowUs = 1_000_000_000;
    const options = { path, partitions: 2, retention: { bytesMax: 1, ageMsMax: 1 }, nowUs: () => nowUs };
    const log = await temporaryLog(context, { ...options, topics: { kept: { partitions: 1, isKept: true } } });
    async function verifyAll(opened: typeof log, topic: string): Promise<void> {
      const { consumption } = await startRecorder(opened, topic, { group: `group-${nowUs}` });
      for (const { partition, next } of await opened.positions(topic))
        await until(() => consumption.commit(partition, next));
      await consumption.stop();
    }
    for (const index of range(0, 4)) {
      await log.append('kept', [record(`k${index}`, `${index}`)]);
      await log.append('events', [record('k', `${index}`)]);
    }
    await verifyAll(log, 'kept');
    await verifyAll(log, 'events');
    nowUs += 1_000_000_000;
    await log.trim();
    expect(await log.positions('kept')).toEqual([{ partition: 0, earliest: 0, next: 4 }]);
    expect((await log.positions('events')).map(({ earliest }) => earliest)).toContain(3);
    await log.close();
    const again = await temporaryLog(context, options);
    await verifyAll(again, 'kept');
    await again.trim();
    expect(await again.positions('kept')).toEqual([{ partition: 0, earliest: 0, next: 4 }]);
    expect(await again.append('kept', [record('other', 'next')])).toEqual([{ partition: 0, offset: 4 }]);
  });

  test('a group that came later begins at the earliest record; a forgotten one holds nothing back', async (context) => {
    const log = await temporaryLog(context, { partitions: 1, retention: { bytesMax: 1 } });
    for (const index of range(0, 6)) await log.append('events', [record('k', `${index}`)]);
    const first = await startRecorder(log, 'events', { group: 'first' });
    await until(() => expect(first.records()).toHaveLength(6));
    await first.consumption.commit(0, 2);
    await until(async () => expect((await log.positions('events'))[0]?.earliest).toBe(2));
    const late = await startRecorder(log, 'events', { group: 'late' });
    await until(() => expect(late.records()).toHaveLength(4));
    expect(late.assigned[0]?.committed).toBe(2);
    await first.consumption.commit(0, 6);
    await log.trim();
    expect((await log.positions('events'))[0]?.earliest).toBe(2);
    await expect(log.forgetGroup('late', 'events')).rejects.toMatchObject({ code: 'group_taken' });
    await late.consumption.stop();
    await log.forgetGroup('late', 'events');
    await log.trim();
    expect((await log.positions('events'))[0]?.earliest).toBe(5);
  });

  test('storedBytes falls with what is removed and is right after reopening', async (context) => {
    const path = await temporaryFolder(context);
    const log = await temporaryLog(context, { path, partitions: 4 });
    for (const round of range(0, 5)) await log.append('events', manyRecords(50, `${round}`));
    const before = log.usage().storedBytes;
    for (const partition of range(0, 4)) {
      const { next = 0 } = (await log.positions('events'))[partition] ?? {};
      await log.discardBefore('events', partition, next);
    }
    const after = log.usage().storedBytes;
    expect(after).toBeLessThan(before / 3);
    expect(after).toBeGreaterThan(0);
    await log.close();
    expect((await temporaryLog(context, { path, partitions: 4 })).usage().storedBytes).toBe(after);
  });
});
