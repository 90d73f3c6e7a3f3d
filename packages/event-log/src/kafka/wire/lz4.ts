import { type ByteReader, createByteReader } from './byte-reader.ts';
import { createLzWindow, type LzWindow } from './lz-window.ts';

const frameMagic = 0x184d2204;
const storedFlag = 0x80000000;

/**
 * Decompresses LZ4 frames as Kafka uses them. Its own checksums are passed over: the one of the record batch covers the same bytes.
 * Format: github.com/lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md (Collet, 2011).
 */
export function decompressLz4(bytes: Buffer, bytesMax: number): Buffer {
  const reader = createByteReader(bytes);
  const window = createLzWindow(bytes.length * 4, bytesMax);
  while (reader.rest() > 0) decodeFrame(reader, window);
  return window.bytes();
}

function decodeFrame(reader: ByteReader, window: LzWindow): void {
  const word = () => reader.raw(4).readUInt32LE(0);
  const magic = word();
  if (magic !== frameMagic) throw new RangeError(`an LZ4 frame begins with ${magic.toString(16)}`);
  const flags = reader.int8();
  if (((flags >>> 6) & 3) !== 1 || flags & 1)
    throw new RangeError('an LZ4 frame of another version, or with a dictionary');
  const hasBlockChecksums = (flags & 0x10) !== 0;
  reader.raw(1 + (flags & 0x08 ? 8 : 0) + 1);
  for (let size = word(); size !== 0; size = word()) {
    const isStored = size >= storedFlag;
    const block = reader.raw(isStored ? size - storedFlag : size);
    if (isStored) window.literals(block);
    else decodeBlock(block, window);
    if (hasBlockChecksums) reader.raw(4);
  }
  if (flags & 0x04) reader.raw(4);
}

function decodeBlock(block: Buffer, window: LzWindow): void {
  const reader = createByteReader(block);
  const byte = () => reader.int8() & 0xff;
  const lengthFrom = (short: number) => {
    let length = short;
    if (short === 15) for (let more = 255; more === 255; length += more) more = byte();
    return length;
  };
  while (reader.rest() > 0) {
    const token = byte();
    window.literals(reader.raw(lengthFrom(token >>> 4)));
    if (reader.rest() === 0) return;
    const distance = reader.raw(2).readUInt16LE(0);
    window.copy(distance, lengthFrom(token & 15) + 4);
  }
}
