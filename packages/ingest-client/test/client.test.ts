import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createIngestClient, flushOnHide, type IngestClientOptions, type IngestFailure } from '../src/index.ts';
import { type Fault, startFaultyIngest } from './faulty-ingest.ts';

afterEach(() => void vi.useRealTimers());

/** A client of a faulty ingest, with what it reported. */
async function setup(options: Partial<IngestClientOptions> = {}, script: readonly Fault[] = [], bytesMax?: number) {
  const ingest = await startFaultyIngest(script, bytesMax);
  onTestFinished(ingest.stop);
  const failures: IngestFailure[] = [];
  const client = createIngestClient({
    url: ingest.url,
    flushMs: 60_000,
    retryMs: 1,
    onError: (failure) => void failures.push(failure),
    ...options,
  });
  onTestFinished(() => client.close({ timeoutMs: 0 }));
  const codes = () => failures.map(({ code }) => code);
  return { client, ingest, failures, codes };
}

/** A client without a server: `fetch` is counted and answers what it is told. */
function withFetch(options: Partial<IngestClientOptions> = {}, ...statuses: number[]) {
  const asked = vi.fn(async (_url: unknown, init?: RequestInit) => {
    const { events } = JSON.parse(String(init?.body));
    const status = statuses.shift() ?? 202;
    return new Response(JSON.stringify({ accepted: events.length, rejected: [] }), {
      status,
      headers: { 'retry-after': '7' },
    });
  });
  const failures: IngestFailure[] = [];
  const client = createIngestClient({
    url: 'http://ingest.test',
    fetch: asked,
    onError: (failure) => void failures.push(failure),
    ...options,
  });
  return { client, asked, failures };
}

const read = { customer: 'c', touchpoint: 'page.read' };

describe('track', () => {
  it('gives an id at once, and the event its time', async () => {
    const { client, ingest } = await setup();
    const id = client.track({ ...read, properties: { page: '/道' } });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(client.track({ ...read, id: 'mine', occurredAt: new Date(0) })).toBe('mine');
    await client.flush();
    const [first, second] = ingest.requests[0]?.events ?? [];
    expect(first).toEqual({ ...read, id, properties: { page: '/道' }, occurredAt: expect.stringMatching(/^20.*Z$/) });
    expect(second).toEqual({ ...read, id: 'mine', occurredAt: '1970-01-01T00:00:00.000Z' });
  });

  it('makes ids that are different', () => {
    const { client } = withFetch();
    expect(new Set(Array.from({ length: 100 }, () => client.track(read))).size).toBe(100);
    return client.flush();
  });

  it('keeps the event as it was', async () => {
    const { client, ingest } = await setup();
    const event = { ...read, properties: { n: 1 } };
    client.track(event);
    event.properties.n = 2;
    await client.flush();
    expect(ingest.requests[0]?.events[0]?.properties).toEqual({ n: 1 });
  });

  it.each([
    ['a BigInt', { n: 1n as unknown as number }],
    ['NaN', { deep: { n: Number.NaN } }],
    ['an infinite number', { n: Number.POSITIVE_INFINITY }],
    ['an invalid Date', { at: new Date('soon') }],
  ])('reports %s, which JSON would lose', async (_name, properties) => {
    const { client, failures } = withFetch();
    const id = client.track({ ...read, properties });
    await client.flush();
    expect(failures).toMatchObject([{ code: 'not_json', status: null, events: [{ ...read, id, properties }] }]);
    expect(client.waiting).toBe(0);
  });

  it('reports an invalid time instead of taking the present one', async () => {
    const { client, failures } = withFetch();
    client.track({ ...read, occurredAt: new Date('soon') });
    await client.flush();
    expect(failures).toMatchObject([{ code: 'not_json', message: expect.stringContaining('occurredAt') }]);
  });

  it('reports an event that no request can hold', async () => {
    const { client, failures, asked } = withFetch();
    client.track({ ...read, topic: 'x'.repeat(1024 * 1024) });
    await client.flush();
    expect(failures.map(({ code }) => code)).toEqual(['event_too_large']);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('the queue', () => {
  it('says when it is full, with the event, and takes events again when there is room', async () => {
    const { client, failures, ingest } = await setup({ queueMax: 2 });
    const ids = [1, 2, 3].map((sequence) => client.track({ ...read, sequence }));
    await client.flush();
    expect(failures).toMatchObject([{ code: 'queue_full', events: [{ id: ids[2], sequence: 3 }] }]);
    client.track({ ...read, id: 'later' });
    await client.flush();
    expect(ingest.taken).toEqual([ids[0], ids[1], 'later']);
  });

  it('is bounded in bytes too', async () => {
    const { client, codes, ingest } = await setup({ queueBytesMax: 3_200 });
    for (let i = 0; i < 5; i++) client.track({ ...read, id: `${i}`, topic: 'x'.repeat(900) });
    await client.flush();
    expect(codes()).toEqual(['queue_full', 'queue_full']);
    for (let i = 5; i < 8; i++) client.track({ ...read, id: `${i}`, topic: 'x'.repeat(900) });
    await client.flush();
    expect(ingest.taken).toEqual(['0', '1', '2', '5', '6', '7']);
  });

  it('is counted, in flight or not', async () => {
    const { client } = withFetch();
    client.track(read);
    client.track(read);
    expect(client.waiting).toBe(2);
    const flushed = client.flush();
    expect(client.waiting).toBe(2);
    await flushed;
    expect(client.waiting).toBe(0);
  });
});

describe('when it sends', () => {
  it('after flushMs, counted from the first event that waits', async () => {
    vi.useFakeTimers();
    const { client, asked } = withFetch({ flushMs: 1_000 });
    client.track(read);
    await vi.advanceTimersByTimeAsync(600);
    client.track(read);
    await vi.advanceTimersByTimeAsync(399);
    expect(asked).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveBeenCalledOnce();
    expect(client.waiting).toBe(0);
    client.track(read);
    await vi.advanceTimersByTimeAsync(999);
    expect(asked).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('at once with batchMax events, and no more of them in a request', async () => {
    const { client, ingest } = await setup({ batchMax: 3 });
    for (let i = 0; i < 3; i++) client.track(read);
    await vi.waitFor(() => expect(ingest.taken).toHaveLength(3), 20_000);
    for (let i = 0; i < 7; i++) client.track(read);
    await client.flush();
    expect(ingest.requests.map(({ events }) => events.length)).toEqual([3, 3, 3, 1]);
  });

  it('no more than ingest takes: 5 000 events, 4 MiB', async () => {
    const { client, ingest } = await setup({ batchMax: 1_000_000, queueMax: 20_000 });
    for (let i = 0; i < 5_001; i++) client.track(read);
    await client.flush();
    expect(Math.max(...ingest.requests.map(({ events }) => events.length))).toBe(5_000);
    const before = ingest.requests.length;
    for (let i = 0; i < 9; i++) client.track({ ...read, properties: { text: 'あ'.repeat(300_000) } });
    await client.flush();
    expect(ingest.requests.slice(before).map(({ events }) => events.length)).toEqual([4, 4, 1]);
  });

  it('when the page is hidden, before anything else can happen to it', () => {
    const { client, asked } = withFetch();
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    flushOnHide(client, page);
    client.track(read);
    page.dispatchEvent(new Event('visibilitychange'));
    expect(asked).not.toHaveBeenCalled();
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(asked).toHaveBeenCalledOnce();
    expect(asked.mock.lastCall?.[1]).toMatchObject({ keepalive: true, method: 'POST', redirect: 'manual' });
    return client.flush();
  });
});

describe('what it sends', () => {
  it('is small and plain, or large and compressed', async () => {
    const { client, ingest } = await setup();
    client.track(read);
    await client.flush();
    for (let i = 0; i < 1_000; i++) client.track(read);
    await client.flush();
    expect(ingest.requests.map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip', 'gzip']);
    expect(ingest.requests[1]?.bytes).toBeLessThan(40_000);
    expect(ingest.taken).toHaveLength(1_001);
  });

  it('goes uncompressed where the platform cannot compress', async () => {
    vi.stubGlobal('CompressionStream', undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    const { client, ingest } = await setup();
    for (let i = 0; i < 500; i++) client.track(read);
    await client.flush();
    expect(ingest.requests.map(({ headers }) => headers['content-encoding'])).toEqual([undefined]);
    expect(ingest.taken).toHaveLength(500);
  });

  it('has the key, and the same events each time', async () => {
    const { client, ingest } = await setup({ key: 'mk_1' }, ['busy']);
    client.track(read);
    await client.flush();
    const [first, second] = ingest.requests;
    expect(second?.headers.authorization).toBe('Bearer mk_1');
    expect(second?.events).toEqual(first?.events);
  });

  it('goes below the path of the address', async () => {
    const { client, asked } = withFetch({ url: 'https://example.org/collect/' });
    client.track(read);
    await client.flush();
    expect(asked.mock.lastCall?.[0]).toBe('https://example.org/collect/v1/events');
    expect(() => withFetch({ url: 'ingest' })).toThrow(TypeError);
  });
});

describe('a repetition', () => {
  it('waits as long as the server wants, and is told before', async () => {
    vi.useFakeTimers();
    const onRetry = vi.fn();
    const { client, asked } = withFetch({ onRetry }, 429);
    client.track(read);
    const flushed = client.flush();
    await vi.advanceTimersByTimeAsync(6_999);
    expect(asked).toHaveBeenCalledOnce();
    expect(onRetry).toHaveBeenCalledExactlyOnceWith({
      attempt: 1,
      reason: expect.stringMatching(/^429 /),
      waitMs: 7_000,
      waiting: 1,
    });
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveBeenCalledTimes(2);
    await flushed;
    const [first = 0, second = 0] = asked.mock.calls.map(([, init]) => Date.parse(JSON.parse(`${init?.body}`).sentAt));
    expect(second - first, 'sentAt is the moment of each attempt').toBe(7_000);
  });

  it('waits longer each time, up to retryMaxMs', async () => {
    const waits: number[] = [];
    const { client } = await setup({ retryMs: 2, retryMaxMs: 10, onRetry: ({ waitMs }) => void waits.push(waitMs) }, [
      'resetBefore',
      'resetBefore',
      'resetBefore',
      'resetBefore',
      'resetBefore',
    ]);
    client.track(read);
    await client.flush();
    const bounds = [2, 4, 8, 10, 10];
    expect(waits).toHaveLength(bounds.length);
    for (const [i, bound] of bounds.entries()) {
      expect(waits[i]).toBeLessThanOrEqual(bound);
      expect(waits[i]).toBeGreaterThanOrEqual(bound / 2);
    }
  });

  it('comes when there is no answer for requestMs', async () => {
    const reasons: string[] = [];
    const { client, ingest } = await setup({ requestMs: 30, onRetry: ({ reason }) => void reasons.push(reason) }, [
      'silent',
    ]);
    client.track({ ...read, id: 'a' });
    await client.flush();
    expect(ingest.taken).toEqual(['a']);
    expect(reasons[0]).toContain('no answer within 30 ms');
  });
});

describe('a request that is too large', () => {
  it('is sent in smaller parts, and the next ones are small at once', async () => {
    const { client, ingest, failures } = await setup({ batchMax: 64 }, [], 2_000);
    const ids = Array.from({ length: 64 }, () => client.track(read));
    await client.flush();
    expect(ingest.taken).toEqual(ids);
    expect(failures).toEqual([]);
    const refused = ingest.requests.filter(({ bytes }) => bytes > 2_000).length;
    for (let i = 0; i < 64; i++) client.track(read);
    await client.flush();
    expect(ingest.taken).toHaveLength(128);
    expect(ingest.requests.filter(({ bytes }) => bytes > 2_000)).toHaveLength(refused);
  });

  it('with one event is reported, and the others arrive', async () => {
    const { client, ingest, failures } = await setup({}, [], 2_000);
    const big = { ...read, id: 'big', topic: 'x'.repeat(3_000) };
    for (const event of [{ ...read, id: 'a' }, big, { ...read, id: 'b' }]) client.track(event);
    await client.flush();
    expect(failures).toMatchObject([{ code: 'request_too_large', status: 413, events: [{ id: 'big' }] }]);
    expect(ingest.taken).toEqual(['a', 'b']);
  });
});

describe('close', () => {
  it('sends what waits and takes no more', async () => {
    const { client, ingest, failures } = await setup();
    client.track({ ...read, id: 'a' });
    const closed = client.close();
    client.track({ ...read, id: 'b' });
    await closed;
    expect(ingest.taken).toEqual(['a']);
    expect(failures).toMatchObject([{ code: 'closed', events: [{ id: 'b' }] }]);
    await client.close();
  });

  it('reports after timeoutMs what ingest did not answer for, once', async () => {
    const onRetry = vi.fn();
    const { client, ingest, failures } = await setup({ batchMax: 1, onRetry }, ['none', 'silent']);
    for (const id of ['a', 'b', 'c']) client.track({ ...read, id });
    await vi.waitFor(() => expect(ingest.requests).toHaveLength(2), 20_000);
    await client.close({ timeoutMs: 1 });
    expect(failures).toMatchObject([{ code: 'undelivered', status: null, events: [{ id: 'b' }, { id: 'c' }] }]);
    expect(client.waiting).toBe(0);
    expect(onRetry).not.toHaveBeenCalled();
  });

  it.each([
    ['for the next attempt: it tries at once', ['resetBefore']],
    ['long between attempts', ['resetBefore', 'resetBefore', 'broken']],
  ] as const)('does not wait %s', async (_name, script) => {
    const onRetry = vi.fn();
    const { client, ingest } = await setup({ retryMs: 60_000, retryMaxMs: 60_000, onRetry }, script);
    client.track({ ...read, id: 'a' });
    void client.flush();
    await vi.waitFor(() => expect(onRetry).toHaveBeenCalledOnce(), 20_000);
    await client.close({ timeoutMs: 30_000 });
    expect(ingest.taken).toEqual(['a']);
    expect(onRetry).toHaveBeenCalledTimes(script.length);
  });
});

describe('onError', () => {
  it('may track again', async () => {
    const seen: string[] = [];
    const { client, ingest } = await setup(
      {
        onError({ events }) {
          seen.push(...events.map(({ id }) => id ?? ''));
          client.track({ ...read, id: 'again' });
        },
      },
      ['forbidden'],
    );
    client.track({ ...read, id: 'first' });
    await client.flush();
    await client.flush();
    expect(seen).toEqual(['first']);
    expect(ingest.taken).toEqual(['again']);
  });

  it('is told before flush resolves', async () => {
    const { client, codes } = await setup({}, ['forbidden']);
    client.track(read);
    await client.flush();
    expect(codes()).toEqual(['insufficient_scope']);
  });
});
