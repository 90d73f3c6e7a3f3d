import { bytesOf, type WaitingEvent } from './event.ts';
import type { IngestAnswer } from './judge.ts';

/** Up to here a body goes as it is and may outlive its page (browsers allow 64 KiB); above it is compressed. */
const plainBytesMax = 32 * 1024;

export interface Wire {
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
}

/**
 * Sends events and reads the answer. `sentAt` is the moment of this attempt: by it ingest tells a wrong clock from an old event. A small body is
 * handed to `fetch` before this returns, so that it still leaves a page that is being closed.
 */
export async function post(wire: Wire, batch: readonly WaitingEvent[], signal: AbortSignal): Promise<IngestAnswer> {
  const text = `{"sentAt":"${new Date().toISOString()}","events":[${batch.map((event) => event.text).join(',')}]}`;
  const keepalive = bytesOf(batch) <= plainBytesMax;
  const isPlain = keepalive || typeof CompressionStream === 'undefined';
  const headers = {
    'content-type': 'application/json',
    ...(isPlain ? {} : { 'content-encoding': 'gzip' }),
    ...(wire.key === undefined ? {} : { authorization: `Bearer ${wire.key}` }),
  };
  const body = isPlain ? text : await gzip(text);
  const response = await wire.fetch(wire.url, { method: 'POST', headers, body, signal, keepalive, redirect: 'manual' });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
}

const gzip = (text: string): Promise<Blob> =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
