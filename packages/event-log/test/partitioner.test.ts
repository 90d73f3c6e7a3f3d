import { describe, expect, test } from 'vitest';
import { murmur2, partitionOf } from '../src/index.ts';

// The vectors of Kafka's own test, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
const kafkaVectors: [string, number][] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

describe('partitioner', () => {
  test.each(kafkaVectors)('murmur2 of %s is that of Kafka', (text, hash) => {
    expect(murmur2(new TextEncoder().encode(text))).toBe(hash);
  });

  test('a view into a larger buffer hashes like its bytes alone', () => {
    const bytes = new TextEncoder().encode('..foobar..');
    expect(murmur2(bytes.subarray(2, 8))).toBe(-790332482);
  });

  test('the partition is the positive hash modulo the number of partitions', () => {
    for (const [text, hash] of kafkaVectors)
      for (const partitions of [1, 3, 16, 1000])
        expect(partitionOf(text, partitions)).toBe((hash & 0x7fffffff) % partitions);
  });

  test('keys spread evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let index = 0; index < 16_000; index += 1) {
      const partition = partitionOf(`customer-${index}`, 16);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});
