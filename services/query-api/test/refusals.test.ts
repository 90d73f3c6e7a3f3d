import { type ClickHouse, ClickHouseError } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiOver, fill, openStore, sixtyCustomers, twoSteps } from './world.ts';

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
  await fill(clickhouse, sixtyCustomers);
});

const query = '/v1/funnels/query';
const where = (filter: object) => ({ ...twoSteps, steps: [twoSteps.steps[0], { touchpoint: 'x', where: [filter] }] });

const badQuestions: [string, object, string, string][] = [
  ['unknown key', { ...twoSteps, windw: 1 }, '/windw', 'Did you mean "window"?'],
  ['key like nothing', { ...twoSteps, zzzzzzzz: 1 }, '/zzzzzzzz', 'Known here: steps, unit, order'],
  ['unknown key of a step', { ...twoSteps, steps: [{ touchpont: 'a' }] }, '/steps/0/touchpont', '"touchpoint"'],
  ['unknown key of a filter', where({ propert: 'a', op: 'set' }), '/steps/1/where/0/propert', '"property"'],
  [
    'unknown key of a breakdown',
    { ...twoSteps, breakdown: { by: 'channel', atribution: 'first' } },
    '/breakdown/atribution',
    '"attribution"',
  ],
  ['wrong op', where({ property: 'a', op: 'equals', value: 1 }), '/steps/1/where/0/op', 'one of "eq", "neq"'],
  [
    'nearly an op',
    where({ property: 'a', op: 'contain', value: 1 }),
    '/steps/1/where/0/op',
    'Did you mean "contains"?',
  ],
  ['missing value', where({ property: 'a', op: 'eq' }), '/steps/1/where/0/value', 'is needed by eq'],
  ['no subject', where({ op: 'set' }), '/steps/1/where/0', 'exactly one of'],
  [
    'missing steps',
    { window: twoSteps.window, from: twoSteps.from, to: twoSteps.to },
    '/steps',
    'is missing; it is a list',
  ],
  ['missing touchpoint', { ...twoSteps, steps: [{}] }, '/steps/0/touchpoint', 'is missing'],
  [
    'touchpoint of a wrong type',
    { ...twoSteps, steps: [{ touchpoint: 7 }] },
    '/steps/0/touchpoint',
    'a text or a list, not a number',
  ],
  [
    'touchpoint in a list of a wrong type',
    { ...twoSteps, steps: [{ touchpoint: ['a', 7] }] },
    '/steps/0/touchpoint/1',
    'a text, not a number',
  ],
  ['window without a unit', { ...twoSteps, window: { value: 1 } }, '/window/unit', 'is missing; it is one of "second"'],
  ['window of zero', { ...twoSteps, window: { value: 0, unit: 'day' } }, '/window', 'more than zero'],
  ['time zone', { ...twoSteps, timezone: 'Asia/Edo' }, '/timezone', 'IANA'],
  ['time without a zone', { ...twoSteps, from: '2026-01-01' }, '/from', 'ISO 8601'],
  ['from after to', { ...twoSteps, from: twoSteps.to, to: twoSteps.from }, '/to', 'later than from'],
  [
    'too many steps',
    { ...twoSteps, steps: Array.from({ length: 21 }, () => ({ touchpoint: 'a' })) },
    '/steps',
    'at most 20 members',
  ],
  [
    'an endless touchpoint',
    { ...twoSteps, steps: [{ touchpoint: 'a'.repeat(513) }] },
    '/steps/0/touchpoint',
    'at most 512 characters',
  ],
  ['interval', { ...twoSteps, trend: { interval: 'weeks' } }, '/trend/interval', 'Did you mean "week"?'],
  ['regex in the second step', where({ property: 'a', op: 'regex', value: '(' }), '/steps/1/where/0/value', 'RE2'],
  [
    'regex in the filter, after a good one',
    {
      ...twoSteps,
      filter: [
        { property: 'a', op: 'regex', value: 'ok' },
        { property: 'a', op: 'regex', value: '(?<=x)y' },
      ],
    },
    '/filter/1/value',
    '(?<=x)y',
  ],
  ['a list', [twoSteps], '', 'must be an object, not a list'],
];

describe('a question that is not valid', () => {
  it.each(badQuestions)('%s: 400 with the place and what to do', async (_name, body, pointer, words) => {
    const answer = await apiOver(clickhouse).post(query, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const problem = answer.json();
    expect(problem).toMatchObject({
      type: 'urn:michinori:problem:invalid_request',
      code: 'invalid_request',
      status: 400,
    });
    const finding = problem.errors.find((each: { pointer: string }) => each.pointer === pointer);
    expect(finding?.message, JSON.stringify(problem.errors)).toContain(words);
  });

  it('lists every mistake at once', async () => {
    const { errors, detail } = (await apiOver(clickhouse).post(query, { stepps: [], window: 1 })).json();
    expect(errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(
      ['/from', '/steps', '/stepps', '/to', '/window'].sort(),
    );
    expect(detail).toContain('(and 4 more)');
  });

  it('finds a bad regex also where there are no data to try it on', async () => {
    const body = {
      ...where({ property: 'a', op: 'regex', value: '[' }),
      from: '1990-01-01T00:00:00Z',
      to: '1990-01-02T00:00:00Z',
    };
    expect((await apiOver(clickhouse).post(query, body)).statusCode).toBe(400);
  });

  it.each(['__proto__', 'constructor', 'toString'])('treats %s as an unknown name', async (name) => {
    const text = JSON.stringify(twoSteps).replace('{', `{"${name}":{"a":1},`);
    const answer = await apiOver(clickhouse).post(query, text);
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ pointer: `/${name}` }] });
  });

  it.each([
    ['{"steps": [}', 'Unexpected token'],
    ['{\n "steps": [],\n}', 'line 3, column 1'],
    ['', 'empty'],
    ['  \n', 'empty'],
    ['{"a":1} x', 'not JSON'],
  ])('%j is no JSON, and where', async (text, words) => {
    const { status, code, detail } = (await apiOver(clickhouse).post(query, text)).json();
    expect([status, code]).toEqual([400, 'invalid_json']);
    expect(detail.toLowerCase()).toContain(words.toLowerCase());
  });

  it('refuses bytes that are not UTF-8', async () => {
    const payload = Buffer.concat([Buffer.from('{"steps":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const headers = { 'content-type': 'application/json' };
    const answer = await apiOver(clickhouse).app.inject({ method: 'POST', url: query, headers, payload });
    expect(answer.json()).toMatchObject({ code: 'invalid_json', detail: 'The body is not UTF-8.' });
  });

  it('refuses other media types and bodies beyond the limit', async () => {
    const api = apiOver(clickhouse, { bodyBytesMax: 1024 });
    const form = await api.post(query, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.statusCode, form.json().code]).toEqual([415, 'unsupported_media_type']);
    const padding = { ...twoSteps, filter: [{ property: 'p'.repeat(1000), op: 'set' }] };
    const large = await api.post(query, padding);
    expect(large.json()).toMatchObject({
      status: 413,
      code: 'body_too_large',
      detail: expect.stringContaining('1024'),
    });
    expect((await api.post(query, twoSteps, { 'content-type': 'application/json; charset=utf-8' })).statusCode).toBe(
      200,
    );
  });

  it.each([
    ['/v1/touchpoints?limt=1', '/limt', 'Did you mean "limit"?'],
    ['/v1/touchpoints?limit=0', '/limit', 'at least 1'],
    ['/v1/touchpoints?limit=99999', '/limit', 'at most 5000'],
    ['/v1/touchpoints?limit=0x10', '/limit', 'whole number'],
    ['/v1/touchpoints?from=yesterday', '/from', 'yesterday'],
    ['/v1/touchpoints?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', '/to', 'later than from'],
    ['/v1/dead-letters?page=2', '/page', 'Known here: format, from, to, code, limit, cursor'],
  ])('%s: 400 that names the parameter', async (url, pointer, words) => {
    const { status, errors } = (await apiOver(clickhouse).app.inject(url)).json();
    expect(status).toBe(400);
    expect(errors).toEqual([{ pointer, message: expect.stringContaining(words) }]);
  });

  it('refuses an unknown parameter beside a body, and a foreign cursor', async () => {
    const api = apiOver(clickhouse);
    expect((await api.post(`${query}?fromat=csv`, twoSteps)).json().errors[0].message).toContain('"format"');
    const page = await api.post('/v1/funnels/customers', { ...twoSteps, step: 1, cursor: 'eyJhIjoxfQ' });
    expect(page.json()).toMatchObject({ status: 400, code: 'invalid_cursor', errors: [{ pointer: '/cursor' }] });
  });
});

describe('access', () => {
  it('asks for a key with the scope query as soon as there is one', async () => {
    const api = apiOver(clickhouse);
    expect((await api.post(query, twoSteps)).statusCode).toBe(200);
    const ingest = api.keys.create({ name: 'a', scopes: ['ingest'] }).key;
    const ask = api.keys.create({ name: 'b', scopes: ['query'] }).key;
    const admin = api.keys.create({ name: 'c', scopes: ['admin'] }).key;
    const as = (authorization: string) => api.post(query, twoSteps, { authorization });
    const none = await api.post(query, twoSteps);
    expect([none.statusCode, none.json().code, none.headers['www-authenticate']]).toEqual([
      401,
      'missing_key',
      'Bearer realm="michinori"',
    ]);
    expect((await as('Bearer mk_aaaaaaaa_x')).json()).toMatchObject({ status: 401, code: 'invalid_key' });
    expect((await as(`Bearer ${ingest}`)).json()).toMatchObject({ status: 403, code: 'insufficient_scope' });
    expect((await as(`Bearer ${ask}`)).statusCode).toBe(200);
    expect((await as(`Bearer ${admin}`)).statusCode).toBe(200);
    expect((await api.app.inject({ url: '/v1/touchpoints', headers: { 'x-api-key': ask } })).statusCode).toBe(200);
    api.keys.revoke(ask.slice(0, 11));
    expect((await as(`Bearer ${ask}`)).statusCode).toBe(401);
  });

  it.each(['/v1/touchpoints', '/%761/touchpoints', '/v1/touchpoints/', '/v1/touchpoints?limit=1'])(
    'has no way around the key: %s',
    async (url) => {
      const api = apiOver(clickhouse);
      api.keys.create({ name: 'a', scopes: ['query'] });
      expect((await api.app.inject(url)).statusCode).toBe(401);
      expect((await api.app.inject({ method: 'HEAD', url })).statusCode).toBe(401);
    },
  );

  it('refuses foreign web pages while no key is in use', async () => {
    const answer = await apiOver(clickhouse).post(query, twoSteps, { origin: 'https://example.org' });
    expect(answer.json()).toMatchObject({ status: 403, code: 'foreign_origin' });
  });

  it('needs no key for health, documentation and the board', async () => {
    const api = apiOver(clickhouse);
    api.keys.create({ name: 'a', scopes: ['query'] });
    for (const url of ['/', '/openapi.json', '/livez', '/readyz', '/metrics', '/docs']) {
      expect([url, (await api.app.inject(url)).statusCode]).toEqual([url, 200]);
    }
  });
});

describe('addresses and methods', () => {
  it.each([
    ['GET', query, 405, 'POST, OPTIONS'],
    ['DELETE', '/v1/touchpoints', 405, 'GET, HEAD, OPTIONS'],
    ['DELETE', '/v1/journeys', 405, 'GET, HEAD, POST, OPTIONS'],
    ['DELETE', '/v1/journeys/any', 405, 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/journeys/any/rebuild', 405, 'POST, OPTIONS'],
    ['OPTIONS', query, 204, 'POST, OPTIONS'],
    ['OPTIONS', '/v1/touchpoints', 204, 'GET, HEAD, OPTIONS'],
    ['HEAD', '/v1/touchpoints', 200, undefined],
  ] as const)('%s %s: %i, Allow: %s', async (method, url, status, allow) => {
    const answer = await apiOver(clickhouse).app.inject({ method, url });
    expect([answer.statusCode, answer.headers.allow]).toEqual([status, allow]);
    if (status === 405) expect(answer.json().code).toBe('method_not_allowed');
    else expect(answer.body).toBe('');
  });

  it('names the nearest address', async () => {
    const answer = await apiOver(clickhouse).app.inject({ method: 'POST', url: '/v1/funnel/query' });
    expect(answer.json()).toMatchObject({
      status: 404,
      code: 'not_found',
      detail: expect.stringContaining('/v1/funnels/query'),
    });
    expect((await apiOver(clickhouse).app.inject('/%')).json()).toMatchObject({ status: 400, code: 'malformed_http' });
  });
});

describe('limits and trouble of the store', () => {
  it('says 422 when the question needs more than it may use', async () => {
    const asked: unknown[] = [];
    const narrow: ClickHouse = {
      ...clickhouse,
      query: (question, params, options) => {
        asked.push(options?.limits);
        return clickhouse.query(question, params, { ...options, limits: { ...options?.limits, rowsReadMax: 10 } });
      },
    };
    const api = apiOver(narrow, { queryMemoryBytesMax: 64 * 1024 * 1024, queryTimeMsMax: 5_000 });
    const answer = await api.post(query, twoSteps);
    expect(answer.json()).toMatchObject({
      status: 422,
      code: 'query_limit',
      detail: expect.stringContaining('TOO_MANY_ROWS'),
    });
    expect(asked[0]).toEqual({ timeMsMax: 5_000, memoryBytesMax: 64 * 1024 * 1024 });
  });

  const failing = (facts: Partial<ConstructorParameters<typeof ClickHouseError>[0]>): ClickHouse => ({
    ...clickhouse,
    query: () =>
      Promise.reject(
        new ClickHouseError({
          code: 210,
          codeName: 'NETWORK_ERROR',
          kind: 'infrastructure',
          canRetry: true,
          message: 'secret',
          ...facts,
        }),
      ),
  });

  it('says 503 and when to come back while the store is away', async () => {
    for (const url of ['/v1/touchpoints', '/v1/dead-letters']) {
      const answer = await apiOver(failing({})).app.inject(url);
      expect(answer.json()).toMatchObject({ status: 503, code: 'store_unavailable' });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.body).not.toContain('secret');
    }
    expect((await apiOver(failing({})).post(query, twoSteps)).statusCode).toBe(503);
  });

  it('hides the details of its own faults', async () => {
    const answer = await apiOver(failing({ code: 62, codeName: 'SYNTAX_ERROR', kind: 'programming' })).post(
      query,
      twoSteps,
    );
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal' });
    expect(answer.body).not.toContain('secret');
  });
});
