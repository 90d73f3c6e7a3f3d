import { createByteReader } from './byte-reader.ts';
import { createLzWindow, type LzWindow } from './lz-window.ts';

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);

/**
 * Decompresses Snappy as Kafka uses it: blocks in the framing of xerial's snappy-java (magic, two versions, then length and block …), or one
 * bare block, as other clients write it. Format: github.com/google/snappy, format_description.txt (2011).
 */
export function decompressSnappy(bytes: Buffer, bytesMax: number): Buffer {
  const window = createLzWindow(bytes.length * 4, bytesMax);
  if (!bytes.subarray(0, 8).equals(xerialMagic)) {
    decodeBlock(bytes, window);
    return window.bytes();
  }
  const reader = createByteReader(bytes.subarray(16));
  while (reader.rest() > 0) decodeBlock(reader.raw(reader.int32()), window);
  return window.bytes();
}

function decodeBlock(block: Buffer, window: LzWindow): void {
  const reader = createByteReader(block);
  const start = window.length();
  const expected = reader.uvarint();
  const little = (bytes: number) => reader.raw(bytes).readUIntLE(0, bytes);
  while (reader.rest() > 0) {
    const tag = reader.int8() & 0xff;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >>> 2;
      const length = short < 60 ? short : little(short - 59);
      window.literals(reader.raw(length + 1));
    } else if (kind === 1) {
      window.copy(((tag >>> 5) << 8) | little(1), ((tag >>> 2) & 7) + 4);
    } else {
      window.copy(little(kind === 2 ? 2 : 4), (tag >>> 2) + 1);
    }
  }
  const found = window.length() - start;
  if (found !== expected) throw new RangeError(`a Snappy block of ${found} bytes instead of ${expected}`);
}
