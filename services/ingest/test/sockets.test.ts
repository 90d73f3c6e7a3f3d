import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { limits } from '@michinori/events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rawConnection, setup, touch, until } from './helpers.ts';

const payload = (customer: string) => JSON.stringify(touch(customer));

function head(key: string, length: number | 'chunked', more = ''): string {
  const size = length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  return `POST /v1/events HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\n${size}\r\n${more}\r\n`;
}

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));

describe('on a real connection', () => {
  it('compressed bodies arrive', async () => {
    const { listen, bearer, memory } = setup();
    const { url } = await listen();
    const answer = await fetch(url, {
      method: 'POST',
      body: gzipSync(payload('a')),
      headers: { ...bearer, 'content-encoding': 'gzip' },
    });
    expect(answer.status).toBe(202);
    expect(memory.events()).toHaveLength(1);
  });

  it('a bomb is answered, and the connection goes on', async () => {
    const { listen, key } = setup();
    const connection = await rawConnection((await listen()).port);
    const bomb = gzipSync(Buffer.alloc(100 << 20));
    connection.socket.write(head(key, bomb.length, 'Content-Encoding: gzip\r\n'));
    connection.socket.write(bomb);
    await connection.until((text) => statuses(text).length === 1);
    connection.socket.write(head(key, payload('a').length) + payload('a'));
    expect(statuses(await connection.until((text) => statuses(text).length === 2))).toEqual([413, 202]);
  });

  it('a chunked body that grows too large is answered while it is still being sent', async () => {
    const { listen, key } = setup();
    const connection = await rawConnection((await listen()).port);
    connection.socket.write(head(key, 'chunked'));
    const piece = Buffer.alloc(1 << 20, ' ');
    for (let count = 0; count <= limits.requestBytesMax / piece.length; count++) {
      connection.socket.write(`${piece.length.toString(16)}\r\n`);
      connection.socket.write(piece);
      connection.socket.write('\r\n');
    }
    expect(statuses(await connection.until((text) => text.includes('request_too_large')))).toEqual([413]);
  });

  it('a cut connection stores nothing and leaves nothing behind', async () => {
    const { listen, key, memory, metric } = setup();
    const connection = await rawConnection((await listen()).port);
    connection.socket.write(head(key, 1000) + payload('a'));
    while ((await metric('michinori_ingest_inflight_requests')) === 0)
      await new Promise((resolve) => setImmediate(resolve));
    connection.socket.destroy();
    while ((await metric('michinori_ingest_requests_total{dialect="native",outcome="body_cut"}')) === 0)
      await new Promise((resolve) => setImmediate(resolve));
    expect(memory.calls).toEqual([]);
    expect(await metric('michinori_ingest_inflight_requests')).toBe(0);
    expect(await metric('michinori_ingest_inflight_bytes')).toBe(0);
  });

  it('a client that hangs up after its body was complete is stored all the same', async () => {
    const { listen, key, memory } = setup();
    const connection = await rawConnection((await listen()).port);
    memory.hold();
    connection.socket.write(head(key, payload('a').length) + payload('a'));
    await until(() => memory.calls.length === 1);
    connection.socket.destroy();
    memory.release();
    await until(() => memory.events().length === 1);
  });

  it('a slow body is ended with 408', async () => {
    const { listen, key, memory } = setup({ config: { requestTimeoutMs: 100, headersTimeoutMs: 50 } });
    const connection = await rawConnection((await listen()).port);
    connection.socket.write(`${head(key, 1000)}{`);
    await connection.closed;
    expect(statuses(connection.received())).toEqual([408]);
    expect(connection.received()).toContain('"code":"request_timeout"');
    expect(memory.calls).toEqual([]);
  });

  it('slow headers are ended with 408', async () => {
    const { listen } = setup({ config: { requestTimeoutMs: 100, headersTimeoutMs: 50 } });
    const connection = await rawConnection((await listen()).port);
    connection.socket.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\n');
    await connection.closed;
    expect(statuses(connection.received())).toEqual([408]);
  });

  it('nonsense is 400 and headers without end are 431', async () => {
    const { listen } = setup();
    const { port } = await listen();
    const nonsense = await rawConnection(port);
    nonsense.socket.write('hello\r\n\r\n');
    await nonsense.closed;
    expect(nonsense.received()).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"malformed_http"/,
    );
    const huge = await rawConnection(port);
    huge.socket.write(`POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`);
    await huge.closed;
    expect(statuses(huge.received())).toEqual([431]);
  });

  it('ambiguous lengths are refused, so that no request hides in another', async () => {
    const { listen, key, memory } = setup();
    const { port } = await listen();
    const smuggled = await rawConnection(port);
    smuggled.socket.write(`${head(key, 5, 'Transfer-Encoding: chunked\r\n')}0\r\n\r\nPOST /v1/events HTTP/1.1\r\n`);
    await smuggled.closed;
    expect(statuses(smuggled.received())).toEqual([400]);
    expect(memory.calls).toEqual([]);
  });

  it('pipelined requests are answered in their order', async () => {
    const { listen, key } = setup();
    const connection = await rawConnection((await listen()).port);
    const bodies = [payload('a'), '{', payload('b'), '[7]'];
    connection.socket.write(bodies.map((body) => head(key, body.length) + body).join(''));
    expect(statuses(await connection.until((text) => statuses(text).length === 4))).toEqual([202, 400, 202, 422]);
  });

  it('nonsense behind a pipelined request doesn’t take its answer away', async () => {
    const { listen, key, memory } = setup();
    const connection = await rawConnection((await listen()).port);
    memory.hold();
    connection.socket.write(`${head(key, payload('a').length)}${payload('a')}NONSENSE\r\n\r\n`);
    await until(() => memory.calls.length === 1);
    memory.release();
    await connection.closed;
    expect(statuses(connection.received())).toEqual([202]);
    expect(memory.events()).toHaveLength(1);
  });

  it('1000 requests at once are all answered and all stored', async () => {
    const { listen, bearer, memory } = setup();
    const { port } = await listen();
    const agent = new Agent({ maxSockets: 1000, keepAlive: true });
    onTestFinished(() => agent.destroy());
    memory.hold();
    const answers = Array.from({ length: 1000 }, async (_, index) => {
      const outgoing = httpRequest({
        port,
        host: '127.0.0.1',
        path: '/v1/events',
        method: 'POST',
        agent,
        headers: bearer,
      });
      outgoing.end(payload(`c${index}`));
      const [incoming] = await once(outgoing, 'response');
      incoming.resume();
      return incoming.statusCode as number;
    });
    await until(() => memory.calls.length === 1000);
    memory.release();
    expect(new Set(await Promise.all(answers))).toEqual(new Set([202]));
    expect(new Set(memory.events().map(({ customer }) => customer)).size).toBe(1000);
  });
});

describe('an open connection', () => {
  it('beyond the limit is not accepted, and the others go on', async () => {
    const { listen, key } = setup({ config: { connectionsMax: 1 } });
    const { port } = await listen();
    const first = await rawConnection(port);
    first.socket.write(head(key, payload('a').length) + payload('a'));
    await first.until((text) => statuses(text).length === 1);
    const second = await rawConnection(port);
    await second.closed;
    first.socket.write(head(key, payload('b').length) + payload('b'));
    expect(statuses(await first.until((text) => statuses(text).length === 2))).toEqual([202, 202]);
  });
});

describe('overload', () => {
  it('is 503 for all and 429 for one key, with Retry-After, and passes', async () => {
    const { post, memory, keys, app } = setup({ config: { inflightRequestsMax: 3, inflightRequestsPerKeyMax: 2 } });
    const other = keys.create({ name: 'other', scopes: ['ingest'] }).key;
    const postOther = () =>
      app.inject({ method: 'POST', url: '/v1/events', payload: payload('z'), headers: { 'x-api-key': other } });
    memory.hold();
    const held = [post(touch('a')), post(touch('b'))];
    await until(() => memory.calls.length === 2);
    const tooMany = await post(touch('c'));
    expect([tooMany.statusCode, tooMany.json<{ code: string }>().code, tooMany.headers['retry-after']]).toEqual([
      429,
      'too_many_requests',
      '1',
    ]);
    held.push(postOther());
    await until(() => memory.calls.length === 3);
    const full = await postOther();
    expect([full.statusCode, full.json<{ code: string }>().code, full.headers['retry-after']]).toEqual([
      503,
      'overloaded',
      '1',
    ]);
    memory.release();
    for (const answer of await Promise.all(held)) expect(answer.statusCode).toBe(202);
    expect((await post(touch('c'))).statusCode).toBe(202);
    expect(memory.events()).toHaveLength(4);
  });
});
