import { createHealth, createMetrics, createSilentLogger } from '@michinori/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addIngestRoutes, createIngestServer, ingestSettings } from '../src/index.ts';
import { setup, touch } from './helpers.ts';

const url = '/v1/events';
const payload = JSON.stringify(touch('a'));

describe('keys', () => {
  it('are taken as Bearer, X-API-Key or Basic user', async () => {
    const { app, key } = setup();
    const basic = Buffer.from(`${key}:`).toString('base64');
    for (const headers of [
      { authorization: `Bearer ${key}` },
      { 'x-api-key': key },
      { authorization: `Basic ${basic}` },
    ]) {
      expect((await app.inject({ method: 'POST', url, payload, headers })).statusCode).toBe(202);
    }
  });

  it.each([
    ['no key', {}, 'missing_key'],
    ['a wrong key', { authorization: `Bearer mk_aaaaaaaa_${'x'.repeat(40)}` }, 'invalid_key'],
    ['nonsense', { authorization: 'nonsense' }, 'invalid_key'],
  ])('401 for %s, with nothing stored', async (_name, headers, code) => {
    const { app, memory } = setup();
    const answer = await app.inject({ method: 'POST', url, payload, headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="michinori"');
    expect(memory.calls).toEqual([]);
  });

  it('403 for a key without the scope', async () => {
    const { post, memory } = setup({ scopes: ['query'] });
    const answer = await post(touch('a'));
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'insufficient_scope']);
    expect(memory.calls).toEqual([]);
  });

  it('are not needed on loopback before the first is made, but foreign pages are kept out', async () => {
    const { app, memory } = setup({ scopes: [] });
    const post = (headers: Record<string, string>) => app.inject({ method: 'POST', url, payload, headers });
    expect((await post({ host: 'localhost' })).statusCode).toBe(202);
    for (const headers of [{ host: 'localhost', origin: 'https://evil.example' }, { host: 'rebound.example' }]) {
      const answer = await post(headers);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'foreign_origin']);
    }
    expect(memory.events()).toHaveLength(1);
  });

  it('are needed everywhere else', async () => {
    const { app } = setup({ scopes: [], config: { host: '0.0.0.0' } });
    expect((await app.inject({ method: 'POST', url, payload, headers: { host: 'localhost' } })).statusCode).toBe(401);
  });

  it('stop working when revoked', async () => {
    const { post, keys, key } = setup();
    expect((await post(touch('a'))).statusCode).toBe(202);
    keys.revoke(key.slice(3, 11));
    expect((await post(touch('a'))).statusCode).toBe(401);
  });

  it('are not needed for health and metrics', async () => {
    const { app } = setup();
    for (const path of ['/livez', '/readyz', '/metrics']) expect((await app.inject(path)).statusCode).toBe(200);
  });
});

describe('methods and paths', () => {
  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY'])('%s is 405 with Allow', async (method) => {
    const { app, bearer } = setup();
    const answer = await app.inject({ method: method as 'GET', url, headers: bearer });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('POST, OPTIONS');
  });

  it.each(['/v1/events/', '/v1//events', '/v1/events?x=1', '/v1/events/?'])(
    '%s is the same place, never a redirect',
    async (path) => {
      const { app, bearer } = setup();
      const answer = await app.inject({
        method: 'POST',
        url: path,
        payload,
        headers: { ...bearer, 'content-type': 'application/json' },
      });
      expect(answer.statusCode).toBe(202);
    },
  );

  it('another path is 404 with the nearest one', async () => {
    const { app } = setup();
    const answer = await app.inject({ method: 'POST', url: '/v1/event', payload });
    expect(answer.statusCode).toBe(404);
    expect(answer.json<{ detail: string }>().detail).toContain('Did you mean "/v1/events"?');
  });

  it('a body on another path is not read, whatever it is', async () => {
    const { app } = setup();
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url: '/nowhere', payload: '{broken', headers });
    expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('an impossible path is 404 or 400, not a crash', async () => {
    const { app } = setup();
    const answer = await app.inject({ method: 'POST', url: '/%E0%A4%A', payload });
    expect([400, 404]).toContain(answer.statusCode);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });
});

describe('ingest beside other things on one server', () => {
  it('leaves their parsers, errors and paths alone, and keeps its own', async () => {
    const config = ingestSettings.parse({});
    const server = createIngestServer({ config });
    onTestFinished(() => server.close());
    const { memory, keys, key } = setup();
    const options = { log: memory.log, keys, config, logger: createSilentLogger(), health: createHealth() };
    const metrics = createMetrics({ service: 'both', version: '0.0.0', withProcessMetrics: false });
    const { drain } = addIngestRoutes(server, { ...options, metrics });
    server.post('/other', (request) => ({ got: request.body }));

    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    expect((await server.inject({ method: 'POST', url: '/other', payload: '{"a":1}', headers })).json()).toEqual({
      got: { a: 1 },
    });
    expect((await server.inject({ method: 'POST', url, payload, headers })).statusCode).toBe(202);
    expect((await server.inject({ method: 'PUT', url })).statusCode).toBe(405);
    expect((await server.inject('/%E0%A4%A')).json()).toMatchObject({ status: 400, code: 'malformed_http' });
    await drain();
    expect((await server.inject({ method: 'POST', url, payload, headers })).json()).toMatchObject({
      status: 503,
      code: 'draining',
    });
    expect((await server.inject({ method: 'POST', url: '/other', payload: '{}', headers })).statusCode).toBe(200);
  });
});

describe('CORS', () => {
  const origin = 'https://app.example';
  const preflight = { origin, 'access-control-request-method': 'POST' };

  it('is off by default', async () => {
    const { app, post } = setup();
    const options = await app.inject({ method: 'OPTIONS', url, headers: preflight });
    expect([options.statusCode, options.headers.allow]).toEqual([204, 'POST, OPTIONS']);
    expect(options.headers['access-control-allow-origin']).toBeUndefined();
    expect((await post(touch('a'), { origin })).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('answers listed origins, on errors too, and no others', async () => {
    const { app, post } = setup({ config: { corsOrigins: [origin] } });
    const { headers } = await app.inject({ method: 'OPTIONS', url, headers: preflight });
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'authorization, content-encoding, content-type, x-api-key',
      vary: 'origin',
    });
    expect((await post('{', { origin })).headers['access-control-allow-origin']).toBe(origin);
    const other = await post(touch('a'), { origin: 'https://evil.example' });
    expect([other.headers['access-control-allow-origin'], other.headers.vary]).toEqual([undefined, 'origin']);
  });

  it('allows the headers that a client wants to send, if they are names', async () => {
    const { app } = setup({ config: { corsOrigins: [origin] } });
    const allowed = async (wanted: string, from = origin) => {
      const headers = { ...preflight, origin: from, 'access-control-request-headers': wanted };
      const answer = await app.inject({ method: 'OPTIONS', url: '/v1/track', headers });
      return answer.headers['access-control-allow-headers'];
    };
    const ofRudderStack = 'AnonymousId, SentAt, Rsa-Retry-Attempt, Authorization';
    expect(await allowed(ofRudderStack)).toBe(ofRudderStack);
    for (const odd of ['', 'a b', 'a,,b', 'a'.repeat(600)]) {
      expect(await allowed(odd)).toBe('authorization, content-encoding, content-type, x-api-key');
    }
    expect(await allowed(ofRudderStack, 'https://evil.example')).toBeUndefined();
  });

  it('answers everybody when told so', async () => {
    const { post } = setup({ config: { corsOrigins: ['*'] } });
    expect((await post(touch('a'), { origin })).headers['access-control-allow-origin']).toBe('*');
  });
});
