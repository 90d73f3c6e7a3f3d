import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What to do with one request. */
export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

export const problem =
  (status: number, code: string, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
    response.end(JSON.stringify({ type: 'about:blank', title: 'Title', status, code, detail: `Detail of ${code}.` }));
  };

export const answer =
  (text: string, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response.writeHead(200, headers).end(text);

export const empty = answer('{"rows":[],"meta":{}}');

/** Sends the beginning of an answer and breaks the connection. */
export const cut =
  (beginning: string, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-length': '1000000', ...headers });
    response.write(beginning, () => response.destroy());
  };

export const reset: Behaviour = (response) => void response.destroy();
export const silence: Behaviour = () => {};

/** A server that behaves as it is told, request after request; after the last one it goes on with that. Ends with the test. */
export async function misbehave(...script: [Behaviour, ...Behaviour[]]) {
  const requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  let arrived = (): void => {};
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const behave = script[Math.min(requests.length, script.length - 1)] ?? empty;
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
    arrived();
    behave(response, request);
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** Resolves with the next request. */
    next: () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
      }),
  };
}
