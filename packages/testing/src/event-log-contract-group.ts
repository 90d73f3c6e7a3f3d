import { partitionOf } from '@michinori/event-log';
import { describe, expect, test } from 'vitest';
import {
  expectCode,
  keyPerPartition,
  manyRecords,
  type OpenEventLogHarness,
  offsetsByPartition,
  range,
  record,
  startRecorder,
  textOf,
  until,
} from './event-log-harness.ts';

export function groupContract(open: OpenEventLogHarness): void {
  describe('groups and commits', () => {
    test('nothing is committed by itself: without a commit everything comes again', async (context) => {
      const harness = await open(context);
      const { topic } = harness;
      await harness.log.append(topic, manyRecords(50));
      const first = await startRecorder(harness.log, topic);
      await until(() => expect(first.records()).toHaveLength(50));
      await first.consumption.stop();
      expect(await harness.log.committed('readers', topic)).toEqual(new Map());
      const second = await startRecorder(await harness.reopen(), topic);
      await until(() => expect(second.records()).toHaveLength(50));
    });

    test('a group goes on where it committed, also in the middle of a batch and after reopening', async (context) => {
      const harness = await open(context);
      const { topic, partitions } = harness;
      const [key = ''] = keyPerPartition(partitionOf, partitions);
      await harness.log.append(
        topic,
        range(0, 10).map((index) => record(key, `${index}`)),
      );
      const first = await startRecorder(harness.log, topic);
      await until(() => expect(first.records()).toHaveLength(10));
      await first.consumption.commit(0, 6);
      await first.consumption.stop();
      const log = await harness.reopen();
      expect(await log.committed('readers', topic)).toEqual(new Map([[0, 6]]));
      const second = await startRecorder(log, topic);
      await until(() => expect(second.records().map(textOf)).toEqual(['6', '7', '8', '9']));
      expect(second.assigned.find(({ partition }) => partition === 0)).toMatchObject({ committed: 6 });
    });

    test('a commit is monotone and bounded by what was delivered', async (context) => {
      const harness = await open(context);
      const { log, topic, partitions } = harness;
      const [key = ''] = keyPerPartition(partitionOf, partitions);
      await log.append(
        topic,
        range(0, 10).map((index) => record(key, `${index}`)),
      );
      const { consumption, records } = await startRecorder(log, topic);
      await until(() => expect(records()).toHaveLength(10));
      await Promise.all([consumption.commit(0, 8), consumption.commit(0, 5)]);
      await consumption.commit(0, 3);
      expect(await log.committed('readers', topic)).toEqual(new Map([[0, 8]]));
      await expectCode(consumption.commit(0, 11), 'commit_out_of_range');
      await expectCode(consumption.commit(1, 1), 'commit_out_of_range');
      await expectCode(consumption.commit(0, -1), 'commit_out_of_range');
      await expectCode(consumption.commit(0, 8.5), 'commit_out_of_range');
      await expectCode(consumption.commit(partitions, 0), 'partition_unknown');
      expect(await log.committed('readers', topic)).toEqual(new Map([[0, 8]]));
      await consumption.stop();
      await expectCode(consumption.commit(0, 9), 'consumption_stopped');
      expect(await (await harness.reopen()).committed('readers', topic)).toEqual(new Map([[0, 8]]));
    });

    test('a handler may commit its own batch', async (context) => {
      const { log, topic, partitions } = await open(context);
      await log.append(topic, manyRecords(40));
      const recorder = await startRecorder(log, topic, {
        onBatch: ({ partition, nextOffset }) => recorder.consumption.commit(partition, nextOffset),
      });
      const ends = await log.positions(topic);
      const expected = new Map(ends.filter(({ next }) => next > 0).map(({ partition, next }) => [partition, next]));
      await until(async () => expect(await log.committed('readers', topic)).toEqual(expected));
      expect(await log.lag('readers', topic)).toEqual(range(0, partitions).map((partition) => ({ partition, lag: 0 })));
    });

    test('groups do not see each other', async (context) => {
      const { log, topic, partitions } = await open(context);
      const [key = ''] = keyPerPartition(partitionOf, partitions);
      await log.append(topic, [record(key, 'a'), record(key, 'b')]);
      const left = await startRecorder(log, topic, { group: 'left' });
      const right = await startRecorder(log, topic, { group: 'right' });
      await until(() => expect([left.records().length, right.records().length]).toEqual([2, 2]));
      await left.consumption.commit(0, 2);
      expect(await log.committed('right', topic)).toEqual(new Map());
      expect((await log.lag('left', topic))[0]).toEqual({ partition: 0, lag: 0 });
      expect((await log.lag('right', topic))[0]).toEqual({ partition: 0, lag: 2 });
      expect((await log.lag('nobody', topic))[0]).toEqual({ partition: 0, lag: 2 });
    });

    test('the same group on two topics keeps two positions', async (context) => {
      const { log, topic, partitions } = await open(context);
      const [key = ''] = keyPerPartition(partitionOf, partitions);
      const other = `${topic}.other`;
      await log.append(topic, [record(key, 'a'), record(key, 'b')]);
      await log.append(other, [record(key, 'c')]);
      const one = await startRecorder(log, topic);
      const two = await startRecorder(log, other);
      await until(() => expect([one.records().length, two.records().map(textOf)]).toEqual([2, ['c']]));
      await one.consumption.commit(0, 2);
      expect(await log.committed('readers', other)).toEqual(new Map());
      expect(await log.generation(other)).not.toBe(await log.generation(topic));
    });

    test('a second member shares the partitions or is refused; either way nothing is lost, and it can take over', async (context) => {
      const { log, topic, partitions } = await open(context);
      const commitAll = { onBatch: async () => {} };
      const first = await startRecorder(log, topic, commitAll);
      await until(() => expect(first.assigned).toHaveLength(partitions));
      const second = await startRecorder(log, topic, commitAll).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'group_taken', canRetry: true });
        return undefined;
      });
      await log.append(topic, manyRecords(80));
      const delivered = () => [...first.records(), ...(second?.records() ?? [])];
      const texts = () => new Set(delivered().map(textOf));
      await until(() => expect(texts().size).toBe(80));
      await first.consumption.stop();
      const heir = second ?? (await startRecorder(log, topic, commitAll));
      await log.append(topic, manyRecords(80, 'later'));
      await until(() => expect(new Set(heir.records().map(textOf)).size).toBeGreaterThanOrEqual(80));
      const perPartition = offsetsByPartition(heir.records(), partitions);
      for (const offsets of perPartition) expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    });

    test('a committed offset that is no longer stored stops its partition with an explanation, and only that one', async (context) => {
      const harness = await open(context);
      const { topic, partitions } = harness;
      const [gone = '', fine = ''] = keyPerPartition(partitionOf, partitions);
      for (const index of range(0, 5))
        await harness.log.append(topic, [record(gone, `gone-${index}`), record(fine, `fine-${index}`)]);
      const first = await startRecorder(harness.log, topic);
      await until(() => expect(first.records()).toHaveLength(10));
      await first.consumption.commit(0, 1);
      await first.consumption.stop();
      await harness.discardBefore(0, 3);
      const second = await startRecorder(harness.log, topic);
      await until(() => expect(second.fatal).toHaveLength(1));
      expect(second.fatal[0]).toMatchObject({ code: 'offset_out_of_range' });
      expect(second.fatal[0]?.message).toMatch(/\b3\b.*\b1\b/s);
      await harness.log.append(topic, [record(gone, 'gone-5'), record(fine, 'fine-5')]);
      await until(() => expect(second.records().at(-1)).toMatchObject({ partition: 1, offset: 5 }));
      expect(second.records().every(({ partition }) => partition === 1)).toBe(true);
    });
  });
}
