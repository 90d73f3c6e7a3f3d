import { gzipSync } from 'node:zlib';
import { decodeEnvelope, topics } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { setup } from './helpers.ts';

const track = { type: 'track', messageId: 'm1', userId: 'u1', event: 'Signed Up' };
const capture = { uuid: 'p1', distinct_id: 'u1', event: 'Signed Up' };
const cloudEvent = { specversion: '1.0', id: '1', source: '/s', type: 'Signed Up', subject: 'u1' };

type Setup = ReturnType<typeof setup>;
const post = ({ app }: Setup, url: string, payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url,
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
    headers,
  });
const dialectsOf = ({ memory }: Setup) =>
  [...memory.records(topics.events), ...memory.records(topics.deadLetters)].map(({ value }) => {
    const envelope = decodeEnvelope(value);
    return envelope.kind === 'undecodable' ? envelope.code : envelope.dialect;
  });

const calls: [string, object, string][] = [
  ['track', track, 'Signed Up'],
  ['t', track, 'Signed Up'],
  ['identify', track, 'identity.identified'],
  ['i', track, 'identity.identified'],
  ['group', { ...track, groupId: 'acme' }, 'identity.grouped'],
  ['g', { ...track, groupId: 'acme' }, 'identity.grouped'],
  ['page', { ...track, name: 'Pricing' }, 'page.Pricing'],
  ['p', { ...track, name: 'Pricing' }, 'page.Pricing'],
  ['screen', { ...track, name: 'Pricing' }, 'page.Pricing'],
  ['s', { ...track, name: 'Pricing' }, 'page.Pricing'],
  ['alias', { ...track, previousId: 'a1' }, 'identity.alias'],
  ['a', { ...track, previousId: 'a1' }, 'identity.alias'],
  ['batch', { batch: [track] }, 'Signed Up'],
  ['import', { batch: [track] }, 'Signed Up'],
  ['b', { batch: [track] }, 'Signed Up'],
];

describe('Segment', () => {
  it.each(calls)('/v1/%s, with a slash and any content type', async (path, body, touchpoint) => {
    const test = setup();
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'image/png']) {
      const answer = await post(test, `/v1/${path}/`, body, { ...test.bearer, 'content-type': type });
      expect([answer.statusCode, answer.json()]).toEqual([200, { success: true }]);
    }
    expect(test.memory.events().map((event) => event.touchpoint)).toEqual(Array(4).fill(touchpoint));
    expect(new Set(dialectsOf(test))).toEqual(new Set(['segment']));
  });

  it('answers 200 for refused events: they are dead letters, and counted', async () => {
    const test = setup();
    const answer = await post(test, '/v1/batch', { batch: [track, { type: 'track' }] }, test.bearer);
    expect([answer.statusCode, answer.json()]).toEqual([200, { success: true }]);
    const only = await post(test, '/v1/track', { event: 'e' }, test.bearer);
    expect([only.statusCode, only.json()]).toEqual([200, { success: true }]);
    expect(test.memory.deadLetters().map(({ rejected }) => rejected.rejection.code)).toEqual([
      'missing_field',
      'customer_required',
    ]);
    expect(await test.metric('michinori_ingest_events_total{dialect="segment",outcome="accepted"}')).toBe(1);
    expect(await test.metric('michinori_ingest_events_total{dialect="segment",outcome="rejected"}')).toBe(2);
  });

  it('counts RudderStack for itself', async () => {
    const test = setup();
    const own = { ...track, channel: 'server', originalTimestamp: '2026-11-21T09:00:00Z' };
    await post(test, '/v1/batch', { batch: [own] }, test.bearer);
    expect(dialectsOf(test)).toEqual(['rudderstack']);
    expect(await test.metric('michinori_ingest_requests_total{dialect="rudderstack",outcome="accepted"}')).toBe(1);
  });

  it.each([
    ['nothing', '', 400],
    ['no JSON', '{', 400],
    ['no batch', '{}', 400],
    ['too many events', { batch: Array(5001).fill(track) }, 413],
    ['too many bytes', ' '.repeat(2 ** 22 + 1), 413],
  ])('refuses %s as a whole', async (_name, body, status) => {
    const test = setup();
    expect((await post(test, '/v1/batch', body, test.bearer)).statusCode).toBe(status);
    expect(test.memory.calls).toEqual([]);
  });
});

describe('PostHog', () => {
  it.each(['/capture', '/capture/', '/batch/', '/e/', '/i/v0/e/'])('%s', async (path) => {
    const test = setup();
    const answer = await post(test, path, { batch: [capture, { event: 'e' }] }, test.bearer);
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 1 }]);
    expect(dialectsOf(test)).toEqual(['posthog', 'posthog']);
    expect(test.memory.deadLetters()).toHaveLength(1);
  });

  it('takes gzip that is not announced, within the limits, and the time of sending from the address', async () => {
    const test = setup();
    const own = { ...capture, timestamp: '2026-11-21T08:00:00Z' };
    const path = `/e/?compression=gzip-js&_=${Date.UTC(2026, 10, 21, 8)}`;
    expect((await post(test, path, gzipSync(JSON.stringify(own)), test.bearer)).statusCode).toBe(200);
    expect(test.memory.events()[0]?.occurredAtUs).toBe(test.clock.us);
    const bomb = await post(test, '/e/', gzipSync(Buffer.alloc(2 ** 23)), test.bearer);
    expect([bomb.statusCode, bomb.json<{ code: string }>().code]).toEqual([413, 'request_too_large']);
    expect((await post(test, '/v1/batch', gzipSync(JSON.stringify({ batch: [track] })), test.bearer)).statusCode).toBe(
      400,
    );
  });

  it.each(['/flags/?v=2', '/decide/?v=3'])('%s: there are no flags', async (path) => {
    const test = setup();
    const answer = await post(test, path, { token: 'any', distinct_id: 'u1' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ flags: {}, featureFlags: {}, errorsWhileComputingFlags: false });
  });
});

describe('CloudEvents', () => {
  it('answers like the native form', async () => {
    const test = setup();
    const send = (body: unknown, type: string, headers = {}) =>
      post(test, '/v1/cloudevents', body, { ...test.bearer, 'content-type': type, ...headers });
    const batch = await send([cloudEvent, {}], 'application/cloudevents-batch+json');
    expect([batch.statusCode, batch.json()]).toMatchObject([202, { accepted: 1, rejected: [{ index: 1 }] }]);
    expect((await send({}, 'application/cloudevents+json')).statusCode).toBe(422);
    const headers = Object.fromEntries(Object.entries(cloudEvent).map(([name, value]) => [`ce-${name}`, value]));
    expect((await send({ a: 1 }, 'application/json', headers)).json()).toEqual({ accepted: 1, rejected: [] });
    expect((await send('<a/>', 'application/cloudevents+xml')).statusCode).toBe(415);
    expect(test.memory.events().map(({ id, properties }) => [id, properties.get('a')])).toEqual([
      ['/s 1', undefined],
      ['/s 1', 1],
    ]);
  });

  it('consents to web hooks', async () => {
    const { app } = setup();
    const headers = { 'webhook-request-origin': 'events.example.com' };
    const answer = await app.inject({ method: 'OPTIONS', url: '/v1/cloudevents', headers });
    expect(answer.headers).toMatchObject({
      'webhook-allowed-origin': 'events.example.com',
      'webhook-allowed-rate': '*',
    });
  });
});

describe('a key in the body', () => {
  const bodies = (key: unknown): [string, unknown][] => [
    ['/v1/batch', { batch: [track], writeKey: key }],
    ['/v1/t', { ...track, writeKey: key }],
    ['/batch/', { batch: [capture], api_key: key }],
    ['/e/', [{ ...capture, properties: { token: key } }]],
  ];

  it('is as good as one in a header', async () => {
    const test = setup();
    for (const [path, body] of bodies(test.key)) expect((await post(test, path, body)).statusCode).toBe(200);
    const beacon = await post(test, `/beacon/v1/batch?writeKey=${encodeURIComponent(test.key)}`, { batch: [track] });
    expect(beacon.statusCode).toBe(200);
    expect(test.memory.events()).toHaveLength(5);
    expect(JSON.stringify(test.memory.events().map(({ properties }) => [...properties]))).not.toContain(test.key);
  });

  it.each([
    ['wrong', `mk_aaaaaaaa_${'x'.repeat(40)}`, 401, 'invalid_key'],
    ['missing', undefined, 401, 'missing_key'],
    ['empty', '', 401, 'missing_key'],
    ['no text', { a: 1 }, 401, 'missing_key'],
    ['much too long', 'x'.repeat(10_000), 401, 'invalid_key'],
  ])('that is %s lets nothing in', async (_name, key, status, code) => {
    const test = setup();
    for (const [path, body] of bodies(key)) {
      const answer = await post(test, path, body);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
    }
    const beacon = await post(test, `/beacon/v1/batch?writeKey=${String(key ?? '')}`, { batch: [track] });
    expect(beacon.statusCode).toBe(401);
    expect(test.memory.calls).toEqual([]);
  });

  it('needs the scope', async () => {
    const test = setup({ scopes: ['query'] });
    expect((await post(test, '/v1/batch', { batch: [track], writeKey: test.key })).statusCode).toBe(403);
    expect(test.memory.calls).toEqual([]);
  });

  it('does not help a wrong one in a header, nor where bodies have none', async () => {
    const test = setup();
    const wrong = { authorization: `Basic ${Buffer.from('wrong:').toString('base64')}` };
    expect((await post(test, '/v1/batch', { batch: [track], writeKey: test.key }, wrong)).statusCode).toBe(401);
    for (const path of ['/v1/events', '/v1/cloudevents']) {
      expect((await post(test, path, { ...cloudEvent, writeKey: test.key, api_key: test.key })).statusCode).toBe(401);
    }
    expect(test.memory.calls).toEqual([]);
  });

  it('is ignored where no keys are in use', async () => {
    const test = setup({ scopes: [] });
    for (const [path, body] of bodies('anything')) expect((await post(test, path, body)).statusCode).toBe(200);
    expect(test.memory.events()).toHaveLength(4);
  });

  it('does not stand in the dead letters', async () => {
    const test = setup();
    await post(test, '/v1/t', { event: 'e', writeKey: test.key });
    await post(test, '/capture', { event: 'e', api_key: test.key, properties: { token: test.key } });
    const kept = test.memory.records(topics.deadLetters).map(({ value }) => Buffer.from(value).toString());
    expect(kept).toHaveLength(2);
    for (const text of kept) expect(text).not.toContain(test.key);
  });

  it('is counted with the requests that have the key in a header', async () => {
    const test = setup({ config: { inflightRequestsPerKeyMax: 1 } });
    const body = { batch: [track], writeKey: test.key };
    test.memory.hold();
    const first = post(test, '/v1/batch', body);
    while (test.memory.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = await post(test, '/v1/batch', body);
    expect([second.statusCode, second.headers['retry-after']]).toEqual([429, '1']);
    expect((await post(test, '/v1/batch', { batch: [track] }, test.bearer)).statusCode).toBe(429);
    test.memory.release();
    expect((await first).statusCode).toBe(200);
    expect((await post(test, '/v1/batch', body)).statusCode).toBe(200);
  });
});
