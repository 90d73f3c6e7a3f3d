import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseNativeRequest, type TouchpointEvent } from '@michinori/events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpTarget, type HttpTargetOptions } from '../../src/import/http-target.ts';
import { importText, nowUs } from './helpers.ts';

type Answer = (response: ServerResponse, request: IncomingMessage, body: Buffer) => void;

async function serve(
  answer: Answer,
): Promise<{ url: string; bodies: Buffer[]; paths: string[]; keys: (string | undefined)[] }> {
  const [bodies, paths, keys]: [Buffer[], string[], (string | undefined)[]] = [[], [], []];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(Buffer.concat(parts));
      paths.push(request.url ?? '');
      keys.push(request.headers.authorization);
      answer(response, request, Buffer.concat(parts));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, paths, keys };
}

const accept: Answer = (response) => response.writeHead(202).end('{"accepted":1,"rejected":[]}');

function target(
  url: string,
  extra: Partial<HttpTargetOptions> = {},
): { waits: number[]; send: ReturnType<typeof createHttpTarget>['send'] } {
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  return { waits, send: createHttpTarget({ url, key: undefined, wait, ...extra }).send };
}

async function eventsOf(content: string): Promise<TouchpointEvent[]> {
  return (await importText({ name: 'e.ndjson', content })).events;
}

const rich =
  '{"id":"r","customer":"c","anonymous":"a","account":"x","touchpoint":"t","channel":"app","team":"care","direction":"inbound","topic":"p",' +
  '"occurredAt":"2024-05-01T10:00:00.123456Z","sequence":-3,"sentiment":0.1,"nps":0,"amount":{"value":"1.50","currency":"JPY"},' +
  '"properties":{"a.b":1,"deep":{"c":[1,"x"]},"__proto__":"p","empty":""},"traits":{"plan":true}}';

describe('sending to a running ingest', () => {
  it('arrives as the very same events', async () => {
    const { url, bodies, paths, keys } = await serve(accept);
    const events = await eventsOf(`${rich}\n{"anonymous":"a","touchpoint":"t"}`);
    expect(await target(`${url}/`, { key: 'k-1' }).send(events)).toEqual([]);
    expect(paths).toEqual(['/v1/events']);
    expect(keys).toEqual(['Bearer k-1']);
    const parsed = parseNativeRequest(bodies[0] ?? Buffer.alloc(0), {
      receivedAtUs: nowUs(),
      contentType: 'application/json',
    });
    expect(parsed.outcome === 'parsed' && parsed.verdicts.map((verdict) => verdict.accepted && verdict.event)).toEqual(
      events,
    );
  });

  it('cuts what is too large for a request, and counts refusals through', async () => {
    const { url, bodies } = await serve((response, _request, body) => {
      const { events } = JSON.parse(body.toString()) as { events: { id: string }[] };
      const index = events.findIndex(({ id }) => id === 'e7');
      const rejected = index < 0 ? [] : [{ index, id: 'e7', code: 'some_code', path: '/x', message: 'no' }];
      response.writeHead(rejected.length === events.length ? 422 : 202).end(JSON.stringify({ accepted: 0, rejected }));
    });
    const line = (index: number): string =>
      JSON.stringify({
        id: `e${index}`,
        customer: 'c',
        touchpoint: 't',
        properties: Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`p${n}`, 'é'.repeat(30_000)])),
      });
    const events = await eventsOf(Array.from({ length: 10 }, (_, index) => line(index)).join('\n'));
    expect(events).toHaveLength(10);
    expect(await target(url).send(events)).toEqual([{ index: 7, code: 'some_code', path: '/x', message: 'no' }]);
    expect(bodies.length).toBeGreaterThan(1);
    for (const body of bodies) expect(body.length).toBeLessThanOrEqual(4 * 1024 * 1024);
    const ids = bodies.flatMap((body) =>
      (JSON.parse(body.toString()) as { events: { id: string }[] }).events.map(({ id }) => id),
    );
    expect(ids).toEqual(events.map(({ id }) => id));
    const one = await eventsOf(line(7));
    expect(await target(url).send(one)).toMatchObject([{ index: 0, code: 'some_code' }]);
  });

  it('sends no more than 5000 events at once', async () => {
    const { url, bodies } = await serve(accept);
    const [event] = await eventsOf(rich);
    await target(url).send(Array.from({ length: 5_001 }, () => event as TouchpointEvent));
    expect(bodies.map((body) => (JSON.parse(body.toString()) as { events: unknown[] }).events.length)).toEqual([
      5_000, 1,
    ]);
  });

  it('waits as long as it is told and repeats the same request', async () => {
    let calls = 0;
    const { url, bodies } = await serve((response, request, body) => {
      calls += 1;
      if (calls === 1) response.writeHead(429, { 'retry-after': '7' }).end('{}');
      else if (calls === 2) response.writeHead(503, { 'retry-after': 'soon' }).end('{}');
      else if (calls === 3) response.socket?.destroy();
      else accept(response, request, body);
    });
    const { send, waits } = target(url);
    await send(await eventsOf(rich));
    expect(waits).toEqual([7_000, 1_000, expect.any(Number)]);
    expect(new Set(bodies.map(String)).size).toBe(1);
    expect(bodies).toHaveLength(4);
  });

  it('gives up on an answer that will not change, and never follows a redirect', async () => {
    for (const [status, hint] of [
      [400, '400'],
      [401, '--key'],
      [413, '413'],
      [307, '307'],
    ] as const) {
      const { url, bodies } = await serve((response) =>
        response.writeHead(status, { location: '/elsewhere' }).end('what is wrong'),
      );
      await expect(target(url).send(await eventsOf(rich))).rejects.toMatchObject({
        code: 'import_target_refused',
        message: expect.stringContaining(hint),
      });
      expect(bodies).toHaveLength(1);
    }
  });

  it('does not take something else that answers 202 for an ingest', async () => {
    const { url } = await serve((response) => response.writeHead(202).end('queued'));
    await expect(target(url).send(await eventsOf(rich))).rejects.toMatchObject({ code: 'import_target_refused' });
  });

  it('gives up after a number of attempts', async () => {
    const { url, bodies } = await serve((response) => response.writeHead(503).end());
    await expect(target(url, { attemptsMax: 3 }).send(await eventsOf(rich))).rejects.toMatchObject({
      code: 'import_target_refused',
    });
    expect(bodies).toHaveLength(3);
    const none = target('http://127.0.0.1:9', { attemptsMax: 2 });
    await expect(none.send(await eventsOf(rich))).rejects.toMatchObject({
      code: 'import_target_refused',
      message: expect.stringContaining('does not answer'),
    });
    expect(none.waits).toHaveLength(1);
  });
});
