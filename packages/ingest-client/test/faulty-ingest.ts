import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What goes wrong with one request. Some faults come before the events are taken, some after. */
export const faults = {
  none: { isTaken: true, act: accept },
  busy: { isTaken: false, act: (response: ServerResponse) => refuse(response, 429, 'too_many_requests') },
  draining: { isTaken: false, act: (response: ServerResponse) => refuse(response, 503, 'draining') },
  broken: { isTaken: false, act: (response: ServerResponse) => refuse(response, 500, 'internal_error') },
  badGateway: { isTaken: false, act: (response: ServerResponse) => void response.writeHead(502).end('<html>') },
  silent: { isTaken: false, act: () => {} },
  resetBefore: { isTaken: false, act: (response: ServerResponse) => void response.destroy() },
  resetAfter: { isTaken: true, act: (response: ServerResponse) => void response.destroy() },
  cutAfter: { isTaken: true, act: cutAnswer },
  forbidden: { isTaken: false, act: (response: ServerResponse) => refuse(response, 403, 'insufficient_scope') },
  tooLarge: { isTaken: false, act: (response: ServerResponse) => refuse(response, 413, 'request_too_large') },
  redirect: {
    isTaken: false,
    act: (response: ServerResponse) => void response.writeHead(302, { location: '/' }).end(),
  },
  portal: { isTaken: false, act: (response: ServerResponse) => void response.writeHead(200).end('<html>Sign in') },
  miscounting: {
    isTaken: true,
    act: (response: ServerResponse) => answer(response, 202, { accepted: 0, rejected: [] }),
  },
  rejecting: { isTaken: true, act: rejectEveryThird },
} as const satisfies Record<string, { isTaken: boolean; act(response: ServerResponse, ids: string[]): void }>;

export type Fault = keyof typeof faults;
export const faultNames = Object.keys(faults) as Fault[];

interface SentEvent {
  id: string;
  [field: string]: unknown;
}

export interface TakenRequest {
  headers: IncomingMessage['headers'];
  sentAt: string;
  events: SentEvent[];
  bytes: number;
}

/** An ingest in memory that does to each request what the script says, and behaves after its end. */
export async function startFaultyIngest(script: readonly Fault[] = [], bytesMax = Number.POSITIVE_INFINITY) {
  const requests: TakenRequest[] = [];
  /** Ids in the order in which they were first taken. */
  const taken: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const wire = Buffer.concat(chunks);
    const isGzip = request.headers['content-encoding'] === 'gzip';
    const { sentAt, events } = JSON.parse(String(isGzip ? gunzipSync(wire) : wire));
    const fault = script[requests.length] ?? 'none';
    requests.push({ headers: request.headers, sentAt, events, bytes: wire.length });
    if (wire.length > bytesMax) return refuse(response, 413, 'request_too_large');
    const ids = (events as SentEvent[]).map(({ id }) => id);
    const stored = fault === 'rejecting' ? ids.filter((_, i) => i % 3 !== 0) : faults[fault].isTaken ? ids : [];
    for (const id of stored) if (!taken.includes(id)) taken.push(id);
    faults[fault].act(response, ids);
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    taken,
    stop: () =>
      new Promise<void>((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string): void {
  answer(response, status, { title: code, status, code, detail: `Detail of ${code}.` }, { 'retry-after': '0' });
}

function accept(response: ServerResponse, ids: string[]): void {
  answer(response, 202, { accepted: ids.length, rejected: [] });
}

function rejectEveryThird(response: ServerResponse, ids: string[]): void {
  const rejected = ids.flatMap((id, index) =>
    index % 3 === 0 ? [{ index, id, code: 'number_out_of_range', path: '/nps', message: 'is 11' }] : [],
  );
  const accepted = ids.length - rejected.length;
  answer(response, accepted === 0 ? 422 : 202, { accepted, rejected });
}

function cutAnswer(response: ServerResponse): void {
  response.writeHead(202, { 'content-length': '1000' });
  response.write('{"accepted":', () => response.destroy());
}
