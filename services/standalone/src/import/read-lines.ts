import { isUtf8 } from 'node:buffer';

export const lineBytesMax = 4 * 1024 * 1024;
const newline = 10;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** A line of a file (from 1) without its line feed, or why it has no text; `raw` shows what there was. */
export type Line =
  | { line: number; text: string; fault?: undefined }
  | { line: number; text?: undefined; fault: 'line_too_long' | 'invalid_utf8'; raw: string };

/**
 * Splits bytes at line feeds, all lines of a chunk at once; a byte-order mark is taken off. A line is never held beyond
 * 4 MiB, however long it is in the file.
 */
export async function* readLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let parts: Buffer[] = [];
  let length = 0;
  let line = 0;
  const keep = (bytes: Buffer): void => {
    if (length < lineBytesMax) parts.push(bytes.subarray(0, lineBytesMax - length));
    length += bytes.length;
  };
  const take = (): Line => {
    line += 1;
    const bytes = parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
    const isTooLong = length > lineBytesMax;
    parts = [];
    length = 0;
    return toLine(line, bytes, isTooLong);
  };
  for await (const bytes of stream) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end));
      lines.push(take());
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take()];
}

function toLine(line: number, bytes: Buffer, isTooLong: boolean): Line {
  if (isTooLong) return { line, fault: 'line_too_long', raw: bytes.toString('utf8', 0, 1_000) };
  if (!isUtf8(bytes)) return { line, fault: 'invalid_utf8', raw: bytes.toString('utf8') };
  const hasMark = line === 1 && bytes.subarray(0, 3).equals(byteOrderMark);
  return { line, text: bytes.toString('utf8', hasMark ? 3 : 0) };
}
