import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBlock, decodeBlockHeader, encodeBlock } from '../src/embedded/block.ts';
import { decodeBlockKey, encodeBlockKey } from '../src/embedded/layout.ts';
import { sizeRecord } from '../src/sized-record.ts';

const anyRecord = fc.record({ key: fc.string({ unit: 'binary' }), value: fc.uint8Array({ maxLength: 300 }) });
const limit = 1 << 20;

describe('block', () => {
  test('decode is the inverse of encode', () => {
    fc.assert(
      fc.property(fc.array(anyRecord), fc.nat(), (records, appendedAtUs) => {
        const block = encodeBlock(
          appendedAtUs,
          records.map((record) => sizeRecord(record, limit)),
        );
        expect(decodeBlockHeader(block)).toEqual({ count: records.length, appendedAtUs });
        const decoded = [...decodeBlock(block)].map(({ key, value }) => ({ key, value: new Uint8Array(value) }));
        expect(decoded).toEqual(records);
      }),
    );
  });

  test('a block that was cut or lengthened is refused, not misread', () => {
    const block = encodeBlock(1, [sizeRecord({ key: 'k', value: new Uint8Array(20) }, limit)]);
    for (let length = 0; length < block.length; length += 1)
      expect(() => [...decodeBlock(block.subarray(0, length))]).toThrow(
        expect.objectContaining({ code: 'log_corrupt' }),
      );
    expect(() => [...decodeBlock(Buffer.concat([block, Buffer.alloc(1)]))]).toThrow(/follow the last record/);
  });

  test('a record above the limit is refused, one at the limit is not', () => {
    const record = { key: 'kk', value: new Uint8Array(90) };
    expect(sizeRecord(record, 100).storedBytes).toBe(100);
    expect(() => sizeRecord(record, 99)).toThrow(expect.objectContaining({ code: 'record_too_large' }));
  });

  test('keys of blocks sort as topic, partition, offset', () => {
    const place = fc.record({
      topicId: fc.nat(3),
      partition: fc.nat(300),
      firstOffset: fc.maxSafeNat(),
    });
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(decodeBlockKey(encodeBlockKey(a))).toEqual(a);
        const wanted = a.topicId - b.topicId || a.partition - b.partition || a.firstOffset - b.firstOffset;
        expect(Math.sign(encodeBlockKey(a).compare(encodeBlockKey(b)))).toBe(Math.sign(wanted));
      }),
    );
  });
});
