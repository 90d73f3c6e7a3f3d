import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LogRecord } from '../../event-log.ts';
import { createByteWriter } from './byte-writer.ts';
import { crc32c } from './crc32c.ts';

const compress = promisify(gzip);

/** Bytes of a batch before its records. */
export const batchHeaderBytes = 61;

export type Compression = 'none' | 'gzip';

/** An upper bound of what a record takes in a batch. */
export function recordBytes(keyBytes: number, valueBytes: number): number {
  return keyBytes + valueBytes + 24;
}

/*
 * batch  := baseOffset i64 · length i32 · leaderEpoch i32 · magic i8 (2) · crc u32 · body
 * body   := attributes i16 · lastOffsetDelta i32 · baseTimestamp i64 · maxTimestamp i64 · producerId i64 · producerEpoch i16
 *           · baseSequence i32 · count i32 · record ×count
 * record := length varint · attributes i8 · timestampDelta varlong · offsetDelta varint · key · value · headers      (the crc covers body)
 */

/** Records as one batch of format 2, all with one time, by a producer without identity. */
export async function encodeBatch(
  records: readonly LogRecord[],
  timestampMs: number,
  compression: Compression,
): Promise<Buffer> {
  const lines = createByteWriter(
    records.reduce((sum, { key, value }) => sum + recordBytes(key.length, value.length), 0),
  );
  records.forEach(({ key, value }, index) => {
    const keyBytes = Buffer.byteLength(key);
    const fixed = 3 + varintBytes(index) + varintBytes(keyBytes) + varintBytes(value.length);
    lines
      .varint(fixed + keyBytes + value.length)
      .int8(0)
      .varint(0)
      .varint(index)
      .varint(keyBytes)
      .utf8(key)
      .varint(value.length)
      .raw(value)
      .varint(0);
  });
  const content = compression === 'gzip' ? await compress(lines.bytes()) : lines.bytes();
  const body = createByteWriter(40 + content.length)
    .int16(compression === 'gzip' ? 1 : 0)
    .int32(records.length - 1)
    .int64(timestampMs)
    .int64(timestampMs)
    .int64(-1)
    .int16(-1)
    .int32(-1)
    .int32(records.length)
    .raw(content)
    .bytes();
  return createByteWriter(21 + body.length)
    .int64(0)
    .int32(9 + body.length)
    .int32(-1)
    .int8(2)
    .uint32(crc32c(body))
    .raw(body)
    .bytes();
}

/** Bytes of a non-negative number as a zigzag varint. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest > 0x7f; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}
