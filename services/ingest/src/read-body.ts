import type { Readable } from 'node:stream';
import type { Lease } from './admission.ts';
import { readContentEncoding } from './content-encoding.ts';
import { type BytesRead, inflate } from './inflate.ts';
import { refuse } from './problems.ts';

export interface BodyRequest {
  stream: Readable;
  contentEncoding: string | undefined;
  contentLength: string | undefined;
  /** Bytes that a body may have, as received and inflated. */
  bytesMax: number;
  /** Whether a body without a content encoding that begins like gzip is gzip. */
  hasSilentGzip: boolean;
  lease: Lease;
  /** Gives up a body that has not arrived completely. */
  signal: AbortSignal;
}

const noRoom = () => refuse('overloaded', 'There is no memory for more bodies at the moment.');

function receive({ stream, bytesMax, lease, signal }: BodyRequest): Promise<BytesRead> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const settle = (result: BytesRead): void => {
      stream.off('data', onData).off('end', onEnd).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      if (result.outcome === 'refused') stream.resume();
      resolve(result);
    };
    const onData = (piece: Buffer): void => {
      size += piece.length;
      if (size > bytesMax) settle(refuse('request_too_large', `The body has more than ${bytesMax} bytes.`));
      else if (!lease.grow(piece.length)) settle(noRoom());
      else pieces.push(piece);
    };
    const onEnd = (): void => {
      settle({
        outcome: 'read',
        bytes: pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces, size),
      });
    };
    const onClose = (): void => settle(refuse('body_cut', `The body ended after ${size} bytes.`));
    const onAbort = (): void => settle(refuse('draining', 'The process is stopping and the body had not arrived.'));
    stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    if (stream.destroyed) onClose();
    else if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}

/** The whole body, received and inflated within the limits; `wireBytes` is what came over the wire. */
export async function readBody(
  request: BodyRequest,
): Promise<(BytesRead & { outcome: 'read'; wireBytes: number }) | Exclude<BytesRead, { outcome: 'read' }>> {
  const { contentEncoding, contentLength, bytesMax, lease } = request;
  const encoding = readContentEncoding(contentEncoding);
  if (encoding.outcome === 'refused') return encoding;
  if (contentLength !== undefined && Number(contentLength) > bytesMax) {
    return refuse('request_too_large', `The body has ${contentLength} bytes; at most ${bytesMax} are taken.`);
  }
  const received = await receive(request);
  if (received.outcome === 'refused') return received;
  let { bytes } = received;
  if (request.hasSilentGzip && encoding.codings.length === 0 && bytes[0] === 0x1f && bytes[1] === 0x8b) {
    encoding.codings.push('gzip');
  }
  if (bytes.length > 0) {
    for (const coding of encoding.codings.reverse()) {
      const inflated = await inflate(bytes, coding, { bytesMax, grow: lease.grow });
      if (inflated.outcome === 'refused') return inflated;
      bytes = inflated.bytes;
    }
  }
  return { outcome: 'read', bytes, wireBytes: received.bytes.length };
}
