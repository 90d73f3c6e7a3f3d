import { EventLogError } from '../../errors.ts';
import { createByteReader } from './byte-reader.ts';
import { crc32c } from './crc32c.ts';
import { decompress } from './decompress.ts';

const lengthAt = 8;
const bodyAt = 12;
const crcEnd = 21;
const headerBytes = 61;

/** A batch as it lies in the log, records still packed. */
export interface RawBatch {
  firstOffset: number;
  /** After the last record that the batch ever had, also if compaction has removed it. */
  nextOffset: number;
  /** Microseconds since the epoch: of appending, where the topic has LogAppendTime; else null. */
  appendedAtUs: number | null;
  firstTimestampMs: number;
  /** Markers of transactions, not for consumers. */
  isControl: boolean;
  /** Of a transaction; null outside of one. */
  producerId: number | null;
  codec: number;
  count: number;
  payload: Buffer;
}

export interface RawRecord {
  offset: number;
  appendedAtUs: number;
  key: string;
  value: Buffer;
}

/** The whole batches of a fetched piece of a partition; the last one may be cut off and is left out. Throws `batch_undecodable`. */
export function* batchesOf(bytes: Buffer, place: string): Generator<RawBatch> {
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const end = at + bodyAt + bytes.readInt32BE(at + lengthAt);
    if (end > bytes.length) return;
    yield readBatch(bytes.subarray(at, end), place);
    at = end;
  }
}

function readBatch(bytes: Buffer, place: string): RawBatch {
  const reader = createByteReader(bytes);
  const firstOffset = reader.int64();
  reader.raw(8);
  const magic = reader.int8();
  if (magic !== 2) throw undecodable(place, firstOffset, `it has the message format ${magic}, from before Kafka 0.11`);
  const expected = reader.uint32();
  const found = crc32c(bytes.subarray(crcEnd));
  if (found !== expected) throw undecodable(place, firstOffset, `its checksum is ${found} instead of ${expected}`);
  const attributes = reader.int16();
  const lastOffsetDelta = reader.int32();
  const firstTimestampMs = reader.int64();
  const maxTimestampMs = reader.int64();
  const producerId = reader.int64();
  reader.raw(6);
  return {
    firstOffset,
    nextOffset: firstOffset + lastOffsetDelta + 1,
    appendedAtUs: (attributes & 0x08) !== 0 ? maxTimestampMs * 1000 : null,
    firstTimestampMs,
    isControl: (attributes & 0x20) !== 0,
    producerId: (attributes & 0x10) !== 0 ? producerId : null,
    codec: attributes & 0x07,
    count: reader.int32(),
    payload: reader.raw(reader.rest()),
  };
}

/**
 * The records of a batch in order. A missing key is '', a missing value (a tombstone) is empty; bytes of a key that aren't UTF-8 become
 * U+FFFD. Headers are passed over. Throws `batch_undecodable`.
 */
export async function recordsOf(batch: RawBatch, place: string): Promise<RawRecord[]> {
  try {
    const reader = createByteReader(await decompress(batch.codec, batch.payload));
    const records: RawRecord[] = [];
    for (let index = 0; index < batch.count; index += 1) {
      const length = reader.varint();
      const end = reader.position() + length;
      reader.int8();
      const timestampMs = batch.firstTimestampMs + reader.varlong();
      const offset = batch.firstOffset + reader.varint();
      const keyBytes = reader.varint();
      const key = keyBytes < 0 ? '' : reader.raw(keyBytes).toString('utf8');
      const valueBytes = reader.varint();
      const value = valueBytes < 0 ? empty : reader.raw(valueBytes);
      if (reader.position() >= end || reader.rest() < end - reader.position())
        throw new RangeError(`record ${index} doesn't fit in its ${length} bytes`);
      reader.seek(end);
      records.push({ offset, appendedAtUs: batch.appendedAtUs ?? timestampMs * 1000, key, value });
    }
    return records;
  } catch (error) {
    throw undecodable(place, batch.firstOffset, error instanceof Error ? error.message : String(error), error);
  }
}

const empty = Buffer.alloc(0);

function undecodable(place: string, offset: number, reason: string, cause?: unknown): EventLogError {
  return new EventLogError('batch_undecodable', `${place}: the batch at offset ${offset} can't be read: ${reason}`, {
    cause,
  });
}
