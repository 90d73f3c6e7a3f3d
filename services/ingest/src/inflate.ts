import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Coding } from './content-encoding.ts';
import { type Refusal, refuse } from './problems.ts';

export type BytesRead = { outcome: 'read'; bytes: Buffer } | Refusal;

export interface InflateLimits {
  bytesMax: number;
  /** Asked for every piece before it is kept. */
  grow: (bytes: number) => boolean;
}

function decoderFor(coding: Coding, bytes: Buffer) {
  if (coding === 'gzip') return createGunzip();
  if (coding === 'br') return createBrotliDecompress();
  // RFC 9110 says zlib; clients that send raw deflate are old but many. A zlib header has 8 in its low four bits.
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

/**
 * Undoes one content coding. The result is bounded while it grows: what would exceed `bytesMax` is never kept, whatever
 * the body claims. A stream that is cut, corrupt, or followed by something else is refused, with the place.
 */
export function inflate(bytes: Buffer, coding: Coding, { bytesMax, grow }: InflateLimits): Promise<BytesRead> {
  return new Promise((resolve) => {
    const decoder = decoderFor(coding, bytes);
    const pieces: Buffer[] = [];
    let size = 0;
    const settle = (result: BytesRead): void => {
      resolve(result);
      decoder.destroy();
    };
    decoder.on('data', (piece: Buffer) => {
      if (size + piece.length > bytesMax) {
        settle(refuse('request_too_large', `The body inflates to more than ${bytesMax} bytes.`));
      } else if (!grow(piece.length)) {
        settle(refuse('overloaded', 'There is no memory for more bodies at the moment.'));
      } else {
        size += piece.length;
        pieces.push(piece);
      }
    });
    decoder.on('error', (error: NodeJS.ErrnoException) => {
      const place = `${size} bytes could be inflated`;
      const isCut = error.code === 'Z_BUF_ERROR';
      settle(
        isCut
          ? refuse('invalid_encoding', `The ${coding} body is cut off after its ${bytes.length} bytes; ${place}.`)
          : refuse('invalid_encoding', `The ${coding} body is corrupt: ${error.message}; ${place}.`),
      );
    });
    decoder.on('end', () => {
      const rest = bytes.subarray(decoder.bytesWritten);
      const isPadding = coding === 'gzip' && rest.every((byte) => byte === 0);
      if (rest.length > 0 && !isPadding) {
        settle(
          refuse(
            'invalid_encoding',
            `The ${coding} body ends at byte ${decoder.bytesWritten}, but ${rest.length} more follow.`,
          ),
        );
      } else {
        settle({
          outcome: 'read',
          bytes: pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces, size),
        });
      }
    });
    decoder.end(bytes);
  });
}
