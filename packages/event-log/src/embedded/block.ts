import { EventLogError } from '../errors.ts';
import type { LogRecord } from '../event-log.ts';
import { recordHeaderBytes, type SizedRecord } from '../sized-record.ts';

const blockVersion = 1;
const headerBytes = 16;

export interface BlockHeader {
  count: number;
  appendedAtUs: number;
}

/*
 * block  := version u8 · zero u8 ×3 · count u32 · appendedAtUs f64 · record ×count
 * record := keyBytes u32 · valueBytes u32 · key · value                              (big-endian)
 */
export function encodeBlock(appendedAtUs: number, records: readonly SizedRecord[]): Buffer {
  const bytes = records.reduce((sum, record) => sum + record.storedBytes, headerBytes);
  const block = Buffer.allocUnsafe(bytes);
  block.writeUInt32BE(blockVersion << 24, 0);
  block.writeUInt32BE(records.length, 4);
  block.writeDoubleBE(appendedAtUs, 8);
  let at = headerBytes;
  for (const { key, value, keyBytes } of records) {
    block.writeUInt32BE(keyBytes, at);
    block.writeUInt32BE(value.length, at + 4);
    block.write(key, at + recordHeaderBytes);
    block.set(value, at + recordHeaderBytes + keyBytes);
    at += recordHeaderBytes + keyBytes + value.length;
  }
  return block;
}

export function decodeBlockHeader(block: Buffer): BlockHeader {
  if (block.length < headerBytes || block[0] !== blockVersion)
    throw new EventLogError('log_corrupt', `a block of ${block.length} bytes has no header of version ${blockVersion}`);
  return { count: block.readUInt32BE(4), appendedAtUs: block.readDoubleBE(8) };
}

/** The records of a block in order; their values are views of the block. */
export function* decodeBlock(block: Buffer): Generator<LogRecord> {
  const { count } = decodeBlockHeader(block);
  let at = headerBytes;
  for (let index = 0; index < count; index += 1) {
    const keyAt = at + recordHeaderBytes;
    if (keyAt > block.length) throw new EventLogError('log_corrupt', `record ${index} of a block is cut off`);
    const valueAt = keyAt + block.readUInt32BE(at);
    const end = valueAt + block.readUInt32BE(at + 4);
    if (end > block.length) throw new EventLogError('log_corrupt', `record ${index} of a block is cut off`);
    yield { key: block.toString('utf8', keyAt, valueAt), value: block.subarray(valueAt, end) };
    at = end;
  }
  if (at !== block.length)
    throw new EventLogError('log_corrupt', `${block.length - at} bytes follow the last record of a block`);
}
