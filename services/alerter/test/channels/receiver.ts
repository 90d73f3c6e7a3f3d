import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it was received. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a receiver does with a request. */
export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

export const answers =
  (status: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

/** Takes the request and never says anything. */
export const hangs: Behaviour = () => {};

export interface Receiver {
  url: URL;
  port: number;
  requests: Received[];
  /** From now on. */
  behave(behaviour: Behaviour): void;
  /** Resolves when so many requests have come in all. */
  has(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A real HTTP(S) server on the loopback interface, closed with the test. */
export async function receiver(
  behaviour: Behaviour = answers(200),
  { port = 0, tls }: { port?: number; tls?: { key: string; cert: string } } = {},
): Promise<Receiver> {
  let now = behaviour;
  const requests: Received[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    now(response, request);
  };
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    listener(request, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createHttp(handle) : createHttps(tls, handle);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const address = server.address() as AddressInfo;
  return {
    url: new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}/hook`),
    port: address.port,
    requests,
    behave: (next) => {
      now = next;
    },
    has: (count) =>
      requests.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close,
  };
}
