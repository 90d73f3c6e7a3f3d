import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { createLzWindow } from './lz-window.ts';
import { decompressLz4 } from './lz4.ts';
import { decompressSnappy } from './snappy.ts';

const inflate = promisify(gunzip);

/** What the records of one batch may become. Kafka's own limit holds for the compressed bytes only. */
export const inflatedBytesMax = 256 * 1024 * 1024;

/** By the number in the attributes of a batch. */
const decompressors: Record<number, (bytes: Buffer) => Buffer | Promise<Buffer>> = {
  0: (bytes) => bytes,
  1: (bytes) => inflate(bytes, { maxOutputLength: inflatedBytesMax }),
  2: (bytes) => decompressSnappy(bytes, inflatedBytesMax),
  3: (bytes) => decompressLz4(bytes, inflatedBytesMax),
  4: decompressZstd,
};

/** The records of a batch as they were before the producer compressed them. Throws on an unknown codec and on bytes that don't decompress. */
export async function decompress(codec: number, bytes: Buffer): Promise<Buffer> {
  const work = decompressors[codec];
  if (work === undefined) throw new RangeError(`the codec ${codec} is not known`);
  return work(bytes);
}

function decompressZstd(bytes: Buffer): Buffer {
  const window = createLzWindow(bytes.length * 4, inflatedBytesMax);
  const stream = new Decompress((chunk) => window.literals(chunk));
  stream.push(bytes, true);
  return window.bytes();
}
