import { partitionOf } from '@michinori/event-log';
import { describe, expect, test } from 'vitest';
import {
  gate,
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

export function consumeContract(open: OpenEventLogHarness): void {
  describe('consume', () => {
    test('every record is delivered once, in order per partition, inside the limits of a batch', async (context) => {
      const { log, topic, partitions } = await open(context);
      await log.append(topic, manyRecords(400));
      const recorder = await startRecorder(log, topic, { batchRecordsMax: 7 });
      await until(() => expect(recorder.records()).toHaveLength(400));
      const ends = (await log.positions(topic)).map(({ next }) => range(0, next));
      expect(offsetsByPartition(recorder.records(), partitions)).toEqual(ends);
      for (const { records, partition, firstOffset, nextOffset, generation } of recorder.batches) {
        expect(records.length).toBeLessThanOrEqual(7);
        expect(records.map(({ offset }) => offset)).toEqual(range(firstOffset, nextOffset));
        expect(records.every((found) => found.partition === partition && found.topic === topic)).toBe(true);
        expect(generation).toBe(await log.generation(topic));
      }
    });

    test('batchBytesMax bounds a batch of several records', async (context) => {
      const { log, topic } = await open(context);
      await log.append(
        topic,
        range(0, 60).map((index) => record(`${index}`, 'x'.repeat(1000))),
      );
      const recorder = await startRecorder(log, topic, { batchBytesMax: 3500 });
      await until(() => expect(recorder.records()).toHaveLength(60));
      expect(recorder.batches.every(({ records }) => records.length <= 3)).toBe(true);
    });

    test('an idle consumer is woken by an append', async (context) => {
      const { log, topic, partitions } = await open(context);
      const recorder = await startRecorder(log, topic);
      await until(() => expect(recorder.assigned).toHaveLength(partitions));
      for (const round of range(0, 3)) {
        await log.append(
          topic,
          keyPerPartition(partitionOf, partitions).map((key) => record(key, `${round}`)),
        );
        await until(() => expect(recorder.records()).toHaveLength((round + 1) * partitions));
      }
    });

    test('records that arrive while a handler runs are delivered after it', async (context) => {
      const { log, topic } = await open(context);
      const { opened, open: release } = gate();
      await log.append(topic, [record('k', 'first')]);
      const recorder = await startRecorder(log, topic, { onBatch: () => opened });
      await until(() => expect(recorder.batches).toHaveLength(1));
      await log.append(topic, [record('k', 'second')]);
      release();
      await until(() => expect(recorder.records().map(textOf)).toEqual(['first', 'second']));
    });

    test('a partition is assigned, with retries, before its first batch', async (context) => {
      const { log, topic, partitions } = await open(context);
      const ready = new Set<number>();
      const early: number[] = [];
      await log.append(topic, manyRecords(100));
      const recorder = await startRecorder(log, topic, {
        async onAssigned({ partition, generation, committed }) {
          expect([committed, generation]).toEqual([0, await log.generation(topic)]);
          if (recorder.assigned.filter((assigned) => assigned.partition === partition).length < 3)
            throw new Error('not yet');
          ready.add(partition);
        },
        async onBatch({ partition }) {
          if (!ready.has(partition)) early.push(partition);
        },
      });
      await until(() => expect(recorder.records()).toHaveLength(100));
      expect(early).toEqual([]);
      expect(recorder.assigned).toHaveLength(3 * partitions);
    });

    test('a partition has one batch at a time; partitions do not wait for each other', async (context) => {
      const { log, topic, partitions } = await open(context);
      const { opened, open: release } = gate();
      const running = new Set<number>();
      const overlaps: number[] = [];
      await log.append(topic, manyRecords(200));
      const recorder = await startRecorder(log, topic, {
        batchRecordsMax: 5,
        async onBatch({ partition }) {
          if (running.has(partition)) overlaps.push(partition);
          running.add(partition);
          if (partition === 0) await opened;
          else await new Promise(setImmediate);
          running.delete(partition);
        },
      });
      const others = (await log.positions(topic)).slice(1).reduce((sum, { next }) => sum + next, 0);
      await until(() => expect(recorder.records().filter(({ partition }) => partition > 0)).toHaveLength(others));
      expect(recorder.batches.filter(({ partition }) => partition === 0)).toHaveLength(1);
      release();
      await until(() => expect(recorder.records()).toHaveLength(200));
      expect(overlaps).toEqual([]);
      expect(partitions).toBeGreaterThan(1);
    });

    test('a rejected batch comes again, the same, until it succeeds; other partitions go on', async (context) => {
      const { log, topic, partitions } = await open(context);
      const [bad = '', good = ''] = keyPerPartition(partitionOf, partitions);
      await log.append(topic, [record(bad, 'a'), record(bad, 'b'), record(good, 'c')]);
      const { opened, open: heal } = gate();
      let healed = false;
      opened.then(() => {
        healed = true;
      });
      const recorder = await startRecorder(log, topic, {
        async onBatch({ partition }) {
          if (partition === 0 && !healed) throw new Error('not yet');
        },
      });
      await until(() => expect(recorder.attempts.length).toBeGreaterThanOrEqual(4));
      expect(recorder.attempts.slice(0, 4)).toEqual([1, 2, 3, 4]);
      await log.append(topic, [record(good, 'd'), record(bad, 'e')]);
      await until(() =>
        expect(
          recorder
            .records()
            .filter(({ partition }) => partition === 1)
            .map(textOf),
        ).toEqual(['c', 'd']),
      );
      heal();
      await until(() => expect(recorder.records().at(-1)).toMatchObject({ partition: 0, offset: 2 }));
      const tries = recorder.batches.filter(({ partition }) => partition === 0);
      const last = tries.pop();
      expect(tries.every(({ records }) => records.map(textOf).join() === 'a,b')).toBe(true);
      expect(last?.records.map(textOf)).toEqual(['e']);
    });

    test('stop waits for running handlers, revokes, and nothing follows', async (context) => {
      const { log, topic, partitions } = await open(context);
      const { opened, open: release } = gate();
      let finished = false;
      await log.append(topic, [record('k', 'first')]);
      const recorder = await startRecorder(log, topic, {
        async onBatch() {
          await opened;
          finished = true;
        },
      });
      await until(() => {
        expect(recorder.assigned).toHaveLength(partitions);
        expect(recorder.batches).toHaveLength(1);
      });
      const stopped = recorder.consumption.stop().then(() => finished);
      await log.append(topic, [record('k', 'second')]);
      release();
      expect(await stopped).toBe(true);
      expect(recorder.revoked.sort((a, b) => a - b)).toEqual(range(0, partitions));
      await recorder.consumption.stop();
      await log.append(topic, [record('k', 'third')]);
      expect(recorder.records().map(textOf)).toEqual(['first']);
    });

    test('stop does not wait for a retry that is far away', async (context) => {
      const { log, topic } = await open(context);
      await log.append(topic, [record('k', 'poison')]);
      const recorder = await startRecorder(log, topic, {
        retryDelayMs: () => 3_600_000,
        onBatch: () => Promise.reject(new Error('never')),
      });
      await until(() => expect(recorder.attempts).toEqual([1]));
      await recorder.consumption.stop();
      expect(recorder.batches).toHaveLength(1);
    });

    test('close waits for running handlers', async (context) => {
      const { log, topic } = await open(context);
      const { opened, open: release } = gate();
      let finished = false;
      await log.append(topic, [record('k', 'v')]);
      const recorder = await startRecorder(log, topic, {
        async onBatch() {
          await opened;
          finished = true;
        },
      });
      await until(() => expect(recorder.batches).toHaveLength(1));
      const closed = log.close().then(() => finished);
      release();
      expect(await closed).toBe(true);
    });
  });
}
