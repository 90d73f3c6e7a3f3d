import { describe, expect, it } from 'vitest';
import { rawConnection, setup, touch, until } from './helpers.ts';

const payload = JSON.stringify(touch('a'));
const head = (key: string, length: number) =>
  `POST /v1/events HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Length: ${length}\r\n\r\n`;

describe('a graceful stop', () => {
  it('answers what is inside, refuses what is new, and closes the connections', async () => {
    const { listen, key, memory, drain, app } = setup();
    const { port } = await listen();
    const inside = await rawConnection(port);
    const silent = await rawConnection(port);
    memory.hold();
    inside.socket.write(head(key, payload.length) + payload);
    await until(() => memory.calls.length === 1);

    let isDrained = false;
    const draining = drain().then(() => {
      isDrained = true;
    });
    expect((await app.inject('/readyz')).statusCode).toBe(503);
    expect((await app.inject('/livez')).statusCode).toBe(200);
    const late = await rawConnection(port);
    late.socket.write(head(key, payload.length) + payload);
    await late.closed;
    expect(late.received()).toMatch(/^HTTP\/1\.1 503 /);
    expect(late.received()).toMatch(/\r\nretry-after: 1\r\n/i);
    expect(late.received()).toMatch(/\r\nconnection: close\r\n/i);
    expect(late.received()).toContain('"code":"draining"');
    expect(isDrained).toBe(false);

    memory.release();
    await draining;
    await app.close();
    await Promise.all([inside.closed, silent.closed]);
    expect(inside.received()).toMatch(/^HTTP\/1\.1 202 /);
    expect(inside.received()).toMatch(/\r\nconnection: close\r\n/i);
    expect(memory.events()).toHaveLength(1);
  });

  it('waits for bodies that are arriving, up to a limit', async () => {
    const { listen, key, memory, drain, metric } = setup({ config: { drainBodyTimeoutMs: 200 } });
    const { port } = await listen();
    const arriving = await rawConnection(port);
    const stalled = await rawConnection(port);
    arriving.socket.write(head(key, payload.length) + payload.slice(0, 5));
    stalled.socket.write(head(key, payload.length) + payload.slice(0, 5));
    while ((await metric('michinori_ingest_inflight_requests')) < 2)
      await new Promise((resolve) => setImmediate(resolve));
    const draining = drain();
    arriving.socket.write(payload.slice(5));
    await draining;
    expect(await arriving.until((text) => text.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 202 /);
    expect(await stalled.until((text) => text.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 503 [\s\S]*draining/);
    expect(memory.events()).toHaveLength(1);
  });

  it('under load loses nothing that was accepted and leaves nothing unanswered', async () => {
    const { listen, bearer, memory, drain, app } = setup();
    const { url } = await listen();
    const accepted: string[] = [];
    const outcomes = new Map<string, number>();
    let isStopped = false;
    const count = (name: string) => outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    const clients = Array.from({ length: 20 }, async (_, client) => {
      for (let number = 0; !isStopped; number++) {
        const customer = `c${client}-${number}`;
        try {
          const answer = await fetch(url, { method: 'POST', headers: bearer, body: JSON.stringify(touch(customer)) });
          await answer.arrayBuffer();
          if (answer.status === 202) accepted.push(customer);
          count(String(answer.status));
        } catch (error) {
          const { cause } = error as { cause?: { code?: string } };
          count(cause?.code ?? 'unknown');
        }
      }
    });
    await until(() => accepted.length >= 200);
    await drain();
    const storedAtDrain = memory.events().length;
    await app.close();
    isStopped = true;
    await Promise.all(clients);
    expect(memory.events()).toHaveLength(storedAtDrain);
    expect(
      memory
        .events()
        .map(({ customer }) => customer)
        .sort(),
    ).toEqual(accepted.sort());
    for (const name of outcomes.keys())
      expect(['202', '503', 'ECONNREFUSED', 'UND_ERR_SOCKET', 'ECONNRESET']).toContain(name);
  });
});
