import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createByteReader } from '../src/kafka/wire/byte-reader.ts';
import { createByteWriter } from '../src/kafka/wire/byte-writer.ts';
import { crc32c } from '../src/kafka/wire/crc32c.ts';
import { batchesOf, recordsOf } from '../src/kafka/wire/decode-batch.ts';
import { encodeBatch, recordBytes } from '../src/kafka/wire/encode-batch.ts';
import { decompressLz4 } from '../src/kafka/wire/lz4.ts';
import { decompressSnappy } from '../src/kafka/wire/snappy.ts';

const anyRecord = fc.record({ key: fc.string({ unit: 'binary' }), value: fc.uint8Array({ maxLength: 300 }) });
const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 100);

describe('primitive types', () => {
  test('what is written is read', () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const int64 = fc.maxSafeInteger();
    fc.assert(
      fc.property(int32, int64, fc.nat(), fc.option(fc.string({ unit: 'binary', maxLength: 300 })), (a, b, c, text) => {
        const written = createByteWriter(1);
        written
          .int32(a)
          .int64(b)
          .uvarint(c)
          .string(text)
          .compactString(text)
          .tags()
          .varint(a >> 1);
        const read = createByteReader(written.bytes());
        expect([read.int32(), read.int64(), read.uvarint(), read.string(), read.compactString()]).toEqual([
          a,
          b,
          c,
          text,
          text,
        ]);
        read.tags();
        expect([read.varint(), read.rest()]).toEqual([a >> 1, 0]);
      }),
      { numRuns: runs },
    );
  });

  test('nothing is read beyond the end, and tagged fields are passed over', () => {
    expect(() => createByteReader(Buffer.alloc(3)).int32()).toThrow(RangeError);
    expect(() => createByteReader(Buffer.from([5, 1])).compactString()).toThrow(RangeError);
    const tagged = createByteReader(Buffer.from([2, 7, 1, 0xaa, 9, 2, 0xbb, 0xcc, 0x55]));
    tagged.tags();
    expect(tagged.int8()).toBe(0x55);
  });

  test('a varlong is read as Kafka writes it', () => {
    expect(createByteReader(Buffer.from([0x00])).varlong()).toBe(0);
    expect(createByteReader(Buffer.from([0x01])).varlong()).toBe(-1);
    expect(createByteReader(Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0x3f])).varlong()).toBe(2 ** 40 - 1);
    expect(createByteReader(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f])).varlong()).toBe(-(2 ** 31));
  });
});

test('crc32c has the values of RFC 3720, B.4', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

describe('record batch', () => {
  test('holds the records, compressed or not, and its size was foreseen', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRecord, { minLength: 1 }),
        fc.constantFrom('none', 'gzip'),
        async (given, compression) => {
          const records = given.map(({ key, value }) => ({ key: Buffer.from(key).toString(), value }));
          const bytes = await encodeBatch(records, 1_700_000_000_123, compression as 'none' | 'gzip');
          const [batch, ...more] = batchesOf(bytes, 'place');
          expect(more).toEqual([]);
          const found = batch ? await recordsOf(batch, 'place') : [];
          expect(found.map(({ key, value }) => ({ key, value: [...value] }))).toEqual(
            records.map(({ key, value }) => ({ key, value: [...value] })),
          );
          expect(found.map(({ offset }) => offset)).toEqual(records.map((_, index) => index));
          expect(found.every(({ appendedAtUs }) => appendedAtUs === 1_700_000_000_123_000)).toBe(true);
          const foreseen = records.reduce(
            (sum, { key, value }) => sum + recordBytes(Buffer.byteLength(key), value.length),
            64,
          );
          if (compression === 'none') expect(bytes.length).toBeLessThanOrEqual(foreseen);
        },
      ),
      { numRuns: runs },
    );
  });

  test('a batch that is cut off is left out; one flipped bit anywhere in its body is noticed', async () => {
    const bytes = await encodeBatch([{ key: 'k', value: Buffer.from('value') }], 5, 'none');
    for (let length = 0; length < bytes.length; length += 1)
      expect([...batchesOf(Buffer.concat([bytes, bytes.subarray(0, length)]), 'place')]).toHaveLength(1);
    for (let at = 17; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 4;
      expect(() => [...batchesOf(damaged, 'events/0')]).toThrow(expect.objectContaining({ code: 'batch_undecodable' }));
    }
  });

  test('an unknown codec, an old format and records that overlap are explained', async () => {
    const [batch] = batchesOf(await encodeBatch([{ key: 'k', value: Buffer.from('value') }], 5, 'none'), 'place');
    if (!batch) throw new Error('no batch');
    const damaged = (change: Partial<typeof batch>) => recordsOf({ ...batch, ...change }, 'events/0');
    const undecodable = expect.objectContaining({ code: 'batch_undecodable' });
    await expect(damaged({ codec: 6 })).rejects.toEqual(undecodable);
    await expect(damaged({ codec: 1 })).rejects.toEqual(undecodable);
    await expect(damaged({ count: 2 })).rejects.toEqual(undecodable);
    await expect(damaged({ payload: batch.payload.subarray(0, 4) })).rejects.toEqual(undecodable);
    const old = await encodeBatch([{ key: 'k', value: Buffer.alloc(1) }], 5, 'none');
    old[16] = 1;
    expect(() => [...batchesOf(old, 'events/0')]).toThrow(/message format 1/);
  });
});

describe('decompression', () => {
  const limit = 1 << 20;

  test('Snappy: literals, copies that overlap, xerial framing and a bare block', () => {
    const block = Buffer.from([15, (5 - 1) << 2, ...Buffer.from('abcde'), ((10 - 1) << 2) | 2, 5, 0]);
    expect(decompressSnappy(block, limit).toString()).toBe('abcdeabcdeabcde');
    const short = Buffer.from([9, (1 - 1) << 2, 0x78, ((8 - 4) << 2) | 1, 1]);
    expect(decompressSnappy(short, limit).toString()).toBe('xxxxxxxxx');
    const framed = Buffer.concat([
      Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
      ...[block, short].flatMap((part) => [Buffer.from([0, 0, 0, part.length]), part]),
    ]);
    expect(decompressSnappy(framed, limit).toString()).toBe('abcdeabcdeabcdexxxxxxxxx');
  });

  test('LZ4: literals, matches, stored blocks', () => {
    const header = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
    const packed = [0x51, ...Buffer.from('abcde'), 5, 0, 0x10, 0x21];
    const frame = Buffer.from([...header, packed.length, 0, 0, 0, ...packed, 3, 0, 0, 0x80, 1, 2, 3, 0, 0, 0, 0]);
    expect(decompressLz4(frame, limit)).toEqual(Buffer.concat([Buffer.from('abcdeabcde!'), Buffer.from([1, 2, 3])]));
  });

  test('what would grow beyond the limit, or refers to before the beginning, is refused', () => {
    const bomb = Buffer.from([15, (1 - 1) << 2, 0x78, ((64 - 1) << 2) | 2, 1, 0]);
    expect(() => decompressSnappy(bomb, 16)).toThrow(RangeError);
    expect(() => decompressSnappy(Buffer.from([9, (1 - 1) << 2, 0x78, ((8 - 4) << 2) | 1, 2]), limit)).toThrow(
      RangeError,
    );
    expect(() => decompressSnappy(Buffer.from([10, (1 - 1) << 2, 0x78]), limit)).toThrow(RangeError);
    expect(() => decompressLz4(Buffer.from([1, 2, 3, 4, 5]), limit)).toThrow(RangeError);
  });
});
