import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createIngestClient, type IngestFailure } from '../src/index.ts';
import { startLossyProxy, startStandalone } from './standalone.ts';

let server: Awaited<ReturnType<typeof startStandalone>>;
beforeAll(async () => {
  server = await startStandalone();
}, 120_000);
afterAll(() => server?.stop());

interface TouchpointCount {
  touchpoint: string;
  events: number;
  customers: number;
}

async function countsOf(touchpoint: string) {
  const rows = await server.ask<TouchpointCount>('/v1/touchpoints');
  const { events, customers } = rows.find((row) => row.touchpoint === touchpoint) ?? { events: 0, customers: 0 };
  return { events, customers };
}

describe('against a real server', () => {
  it('events whose answers were lost are counted once', async () => {
    const proxy = await startLossyProxy(server.url);
    onTestFinished(proxy.stop);
    const failures: IngestFailure[] = [];
    const onError = (failure: IngestFailure) => void failures.push(failure);
    const client = createIngestClient({ url: proxy.url, batchMax: 300, retryMs: 1, onError });
    for (let i = 0; i < 1_000; i++) client.track({ customer: `c${i % 100}`, touchpoint: 'lossy.read', sequence: i });
    await client.close({ timeoutMs: 60_000 });
    expect(failures).toEqual([]);
    expect(proxy.statuses).toEqual(Array(8).fill(202));
    expect(await countsOf('lossy.read')).toEqual({ events: 1_000, customers: 100 });
  });

  it('a rejected event is reported with its reason, and the others are stored', async () => {
    const failures: IngestFailure[] = [];
    const client = createIngestClient({ url: server.url, onError: (failure) => void failures.push(failure) });
    client.track({ customer: 'a', touchpoint: 'survey.answered', nps: 9 });
    const id = client.track({ customer: 'b', touchpoint: 'survey.answered', nps: 11 });
    client.track({ customer: 'c', touchpoint: 'survey.answered', nps: 3 });
    await client.flush();
    expect(failures).toEqual([
      {
        code: 'number_out_of_range',
        message: expect.any(String),
        status: 202,
        path: '/nps',
        events: [expect.objectContaining({ id, customer: 'b', nps: 11 })],
      },
    ]);
    expect(await countsOf('survey.answered')).toEqual({ events: 2, customers: 2 });
  });

  it('every field arrives as it was given', async () => {
    const client = createIngestClient({ url: server.url, onError: (failure) => expect(failure).toBeNull() });
    client.track({
      ...{ id: 'full', customer: 'full', anonymous: 'anon', account: 'acme', touchpoint: 'contract.signed' },
      ...{
        channel: 'mail',
        team: 'sales',
        direction: 'inbound',
        topic: 'renewal',
        sequence: 7,
        sentiment: -0.5,
        nps: 10,
      },
      occurredAt: new Date('2026-01-02T03:04:05.678Z'),
      amount: { value: '1200.00', currency: 'JPY' },
      properties: { utm: { source: 'mail' } },
      traits: { plan: 'pro' },
    });
    await client.flush();
    expect(await server.ask('/v1/customers/full')).toEqual([
      expect.objectContaining({
        ...{ id: 'full', account: 'acme', touchpoint: 'contract.signed', channel: 'mail', team: 'sales' },
        ...{ direction: 'inbound', topic: 'renewal', sentiment: -0.5, nps: 10, currency: 'JPY' },
        at: '2026-01-02T03:04:05.678000Z',
      }),
    ]);
  });

  it('large batches go compressed and arrive whole', async () => {
    const client = createIngestClient({
      url: server.url,
      batchMax: 5_000,
      onError: (failure) => expect(failure).toBeNull(),
    });
    for (let i = 0; i < 7_000; i++) client.track({ customer: `c${i % 10}`, touchpoint: 'bulk.read' });
    await client.flush();
    expect(await countsOf('bulk.read')).toEqual({ events: 7_000, customers: 10 });
  });
});

describe('README.md', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const folder = join(import.meta.dirname, '../examples');

  it('shows the examples word for word', () => {
    const shown = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
    const examples = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect([...shown].sort()).toEqual([...examples].sort());
  });

  it.each(readdirSync(folder))('%s runs', async (name) => {
    vi.stubEnv('MICHINORI_URL', server.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const written: string[] = [];
    const errors = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    try {
      await import(join(folder, name));
    } finally {
      errors.mockRestore();
    }
    const [, expected = ''] = readme.match(/```text\n([\s\S]*?)```/) ?? [];
    expect(written.join('')).toBe(expected);
    expect(await countsOf('app.first_login')).toEqual({ events: 1, customers: 1 });
  });
});

describe('keys', () => {
  it('a wrong one is reported with the events', async () => {
    const key = server.createKey('ingest');
    const failures: IngestFailure[] = [];
    const onError = (failure: IngestFailure) => void failures.push(failure);
    const wrong = createIngestClient({ url: server.url, key: 'mk_wrong', onError });
    wrong.track({ id: 'w', customer: 'a', touchpoint: 'key.used' });
    await wrong.flush();
    expect(failures).toMatchObject([{ code: 'invalid_key', status: 401, events: [{ id: 'w' }] }]);
    const right = createIngestClient({ url: server.url, key, onError });
    right.track({ id: 'w', customer: 'a', touchpoint: 'key.used' });
    await right.flush();
    expect(failures).toHaveLength(1);
  });
});
