import { partitionOf } from '@michinori/event-log';
import { describe, expect, test } from 'vitest';
import {
  expectCode,
  keyPerPartition,
  manyRecords,
  type OpenEventLogHarness,
  range,
  readAll,
  record,
  textOf,
} from './event-log-harness.ts';

const unlimited = { recordsMax: 1_000_000, bytesMax: 1 << 30 };

export function appendContract(open: OpenEventLogHarness): void {
  describe('append and read', () => {
    test('every record gets the next offset of the partition of its key', async (context) => {
      const { log, topic, partitions } = await open(context);
      const records = manyRecords(300);
      const positions = [
        ...(await log.append(topic, records.slice(0, 120))),
        ...(await log.append(topic, records.slice(120))),
      ];
      const next = new Array<number>(partitions).fill(0);
      for (const [index, { key }] of records.entries()) {
        const partition = partitionOf(key, partitions);
        expect(positions[index]).toEqual({ partition, offset: next[partition] });
        next[partition] = (next[partition] ?? 0) + 1;
      }
      expect(await log.positions(topic)).toEqual(
        next.map((count, partition) => ({ partition, earliest: 0, next: count })),
      );
    });

    test('what is read is what was appended, in the order of the offsets', async (context) => {
      const { log, topic } = await open(context);
      const records = manyRecords(200);
      const positions = await log.append(topic, records);
      const stored = await readAll(log, topic);
      for (const [index, { partition, offset }] of positions.entries()) {
        expect(stored[partition]?.[offset]).toMatchObject({ topic, partition, offset, key: `key-${index}` });
        expect(textOf(stored[partition]?.[offset] ?? record('', ''))).toBe(`text-${index}`);
      }
      expect(stored.flat()).toHaveLength(200);
    });

    test('keys and values survive byte for byte', async (context) => {
      const { log, topic } = await open(context);
      const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const large = Uint8Array.from({ length: 900_000 }, (_, index) => (index * 31) % 251);
      const records = [
        { key: '', value: new Uint8Array(0) },
        { key: '\0anonymous', value: everyByte },
        { key: '道のり🚶', value: everyByte.subarray(3, 9) },
        { key: 'x'.repeat(5000), value: large },
      ];
      const positions = await log.append(topic, records);
      for (const [index, { partition, offset }] of positions.entries()) {
        const [found] = await log.read(topic, partition, offset, unlimited);
        expect(found?.key).toBe(records[index]?.key);
        expect(Buffer.compare(found?.value ?? new Uint8Array(1), records[index]?.value ?? new Uint8Array(2))).toBe(0);
      }
    });

    test('concurrent appends get distinct offsets without gaps and keep each batch together in order', async (context) => {
      const { log, topic, partitions } = await open(context);
      const [key = ''] = keyPerPartition(partitionOf, partitions);
      const batches = range(0, 60).map((batch) => range(0, 5).map((index) => record(key, `${batch}/${index}`)));
      const positions = await Promise.all(batches.map((batch) => log.append(topic, batch)));
      const stored = await log.read(topic, 0, 0, unlimited);
      expect(stored.map(({ offset }) => offset)).toEqual(range(0, 300));
      for (const [batch, places] of positions.entries())
        for (const [index, { offset }] of places.entries())
          expect(textOf(stored[offset] ?? record('', ''))).toBe(`${batch}/${index}`);
    });

    test('appendedAtUs is close to now and never decreases inside a partition', async (context) => {
      const { log, topic } = await open(context);
      const beforeUs = (Date.now() - 60_000) * 1000;
      for (const round of range(0, 5)) await log.append(topic, manyRecords(20, `round-${round}`));
      for (const records of await readAll(log, topic))
        for (const [index, { appendedAtUs }] of records.entries()) {
          expect(appendedAtUs).toBeGreaterThanOrEqual(records[index - 1]?.appendedAtUs ?? beforeUs);
          expect(appendedAtUs).toBeLessThan((Date.now() + 60_000) * 1000);
        }
    });

    test('a read begins anywhere and ends at its limits, but never before the first record', async (context) => {
      const { log, topic, partitions } = await open(context);
      const [key = ''] = keyPerPartition(partitionOf, partitions);
      await log.append(
        topic,
        range(0, 10).map((index) => record(key, `${index}`.repeat(100))),
      );
      await log.append(
        topic,
        range(10, 20).map((index) => record(key, `${index}`.repeat(50))),
      );
      const offsets = async (from: number, recordsMax: number, bytesMax: number) =>
        (await log.read(topic, 0, from, { recordsMax, bytesMax })).map(({ offset }) => offset);
      for (const from of range(0, 20)) expect(await offsets(from, 1000, 1 << 20)).toEqual(range(from, 20));
      expect(await offsets(7, 5, 1 << 20)).toEqual(range(7, 12));
      expect(await offsets(3, 1000, 350)).toEqual([3, 4, 5]);
      expect(await offsets(3, 1000, 1)).toEqual([3]);
      expect(await offsets(20, 1000, 1 << 20)).toEqual([]);
    });

    test('a read outside the stored offsets is an error, never a jump', async (context) => {
      const { log, topic, partitions, discardBefore } = await open(context);
      const [key = ''] = keyPerPartition(partitionOf, partitions);
      for (const index of range(0, 6)) await log.append(topic, [record(key, `${index}`)]);
      await expectCode(log.read(topic, 0, 7, unlimited), 'offset_out_of_range');
      await expectCode(log.read(topic, 0, -1, unlimited), 'offset_out_of_range');
      await discardBefore(0, 4);
      expect((await log.positions(topic))[0]).toEqual({ partition: 0, earliest: 4, next: 6 });
      await expectCode(log.read(topic, 0, 3, unlimited), 'offset_out_of_range');
      expect((await log.read(topic, 0, 4, unlimited)).map(textOf)).toEqual(['4', '5']);
      await expectCode(log.read(topic, partitions, 0, unlimited), 'partition_unknown');
    });

    test('reopening keeps records, offsets and the generation, and goes on counting', async (context) => {
      const harness = await open(context);
      const { topic, partitions } = harness;
      const [key = ''] = keyPerPartition(partitionOf, partitions);
      await harness.log.append(topic, [record(key, 'before')]);
      const generation = await harness.log.generation(topic);
      const log = await harness.reopen();
      expect(await log.generation(topic)).toBe(generation);
      expect(await log.append(topic, [record(key, 'after')])).toEqual([{ partition: 0, offset: 1 }]);
      expect((await log.read(topic, 0, 0, unlimited)).map(textOf)).toEqual(['before', 'after']);
    });

    test('an empty append stores nothing, a bad one is refused as a whole', async (context) => {
      const { log, topic } = await open(context);
      expect(await log.append(topic, [])).toEqual([]);
      await expectCode(log.append(topic, [record('good', '1'), record('\ud800', '2')]), 'record_invalid');
      await expectCode(
        log.append(topic, [record('good', '1'), { key: 'k', value: 'text' as never }]),
        'record_invalid',
      );
      await expectCode(log.append('no such/topic', [record('k', 'v')]), 'name_invalid');
      expect((await readAll(log, topic)).flat()).toEqual([]);
    });

    test('after close everything is refused, and what was under way is either stored or refused', async (context) => {
      const harness = await open(context);
      const { topic } = harness;
      const { log } = harness;
      await log.generation(topic);
      const appends = Promise.allSettled(
        range(0, 50).map((index) => log.append(topic, [record(`${index}`, `${index}`)])),
      );
      await log.close();
      await log.close();
      await expectCode(log.append(topic, [record('k', 'late')]), 'log_closed');
      await expectCode(log.positions(topic), 'log_closed');
      const acknowledged = (await appends).flatMap(({ status }, index) => (status === 'fulfilled' ? [`${index}`] : []));
      const stored = (await readAll(await harness.reopen(), topic)).flat().map(textOf);
      expect(stored.sort()).toEqual(acknowledged.sort());
    });
  });
}
