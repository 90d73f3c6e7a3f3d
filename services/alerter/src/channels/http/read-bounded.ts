import type { IncomingMessage } from 'node:http';

/**
 * The beginning of a response's body as text. Resolves when the body ends, breaks, or has reached the limit, whichever is first; the rest isn't read.
 */
export function readBounded(response: IncomingMessage, bytesMax: number): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () => resolve(Buffer.concat(chunks).subarray(0, bytesMax).toString('utf8'));
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= bytesMax) finish();
    });
    response.once('close', finish);
    response.once('end', finish);
    response.once('error', finish);
  });
}
