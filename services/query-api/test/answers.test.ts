import type { ClickHouse } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiOver, fill, nowUs, openStore, sixtyCustomers, twoSteps } from './world.ts';

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
  await fill(clickhouse, sixtyCustomers);
});

const byPlan = { ...twoSteps, breakdown: { by: 'trait:plan', attribution: 'entry' } };

describe('a funnel', () => {
  it('is flat rows and meta', async () => {
    const answer = await apiOver(clickhouse).post('/v1/funnels/query', twoSteps);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const { rows, meta } = answer.json();
    expect(rows).toEqual([
      expect.objectContaining({ segment: null, bucket: null, step: 1, touchpoint: 'sign up', k: 60, n: 60, rate: 1 }),
      {
        segment: null,
        bucket: null,
        step: 2,
        touchpoint: 'purchase',
        customers: 30,
        dropped: 0,
        open: 0,
        k: 30,
        n: 60,
        rate: 0.5,
        lo: expect.closeTo(0.3774, 4),
        hi: expect.closeTo(0.6226, 4),
        state: 'ok',
        fromPreviousRate: 0.5,
        matureShare: 1,
        secondsMean: 86_400,
        secondsP50: 86_400,
        secondsP90: 86_400,
        pValue: null,
        qValue: null,
      },
    ]);
    expect(meta).toEqual({
      asOf: '2026-03-01T00:00:00.000000Z',
      watermark: '2026-01-07T05:00:01.000000Z',
      timezone: 'UTC',
      otherSegments: [],
      otherSegmentsCount: 0,
      generatedInMs: expect.any(Number),
      truncated: false,
    });
  });

  it('has the same rows when it is asked again', async () => {
    const api = apiOver(clickhouse);
    const [first, second] = [await api.post('/v1/funnels/query', byPlan), await api.post('/v1/funnels/query', byPlan)];
    expect(second.json().rows).toEqual(first.json().rows);
    expect(second.headers.etag).toBe(first.headers.etag);
  });

  it('tells what the limit left out', async () => {
    const body = { ...byPlan, breakdown: { ...byPlan.breakdown, limit: 1 } };
    const { rows, meta } = (await apiOver(clickhouse).post('/v1/funnels/query', body)).json();
    expect(new Set(rows.map((row: { segment: string }) => row.segment))).toEqual(new Set(['pro']));
    expect(meta).toMatchObject({
      truncated: true,
      otherSegmentsCount: 2,
      otherSegments: [
        { segment: '=1+1', customers: 20 },
        { segment: '', customers: 10 },
      ],
    });
  });

  it('has ISO buckets in the time zone that was asked for, empty ones too', async () => {
    const body = { ...twoSteps, to: '2026-01-12T00:00:00Z', trend: { interval: 'day' }, timezone: 'Asia/Tokyo' };
    const { rows, meta } = (await apiOver(clickhouse).post('/v1/funnels/query', body)).json();
    const buckets = [...new Set(rows.map((row: { bucket: string }) => row.bucket))];
    expect(buckets).toHaveLength(12);
    expect(buckets[0]).toBe('2025-12-31T15:00:00.000000Z');
    expect(rows.filter((row: { n: number }) => row.n > 0).map((row: { bucket: string }) => row.bucket)[0]).toBe(
      '2026-01-04T15:00:00.000000Z',
    );
    expect(rows[0]).toMatchObject({ n: 0, rate: null, lo: null, state: 'insufficient' });
    expect(meta.timezone).toBe('Asia/Tokyo');
  });
});

describe('formats', () => {
  const cells = (body: string): string[][] =>
    body
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));

  it('says the same as JSON, CSV and NDJSON', async () => {
    const api = apiOver(clickhouse);
    const json = (await api.post('/v1/funnels/query', byPlan)).json();
    const ndjson = await api.post('/v1/funnels/query?format=ndjson', byPlan);
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(
      ndjson.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(json.rows);
    const csv = await api.post('/v1/funnels/query?format=csv', byPlan);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const [heading, ...lines] = cells(csv.body);
    expect(heading).toEqual(Object.keys(json.rows[0]));
    const texts = json.rows.map((row: Record<string, unknown>) =>
      Object.values(row).map((value) => (value === null ? '' : value === '=1+1' ? "'=1+1" : String(value))),
    );
    expect(lines).toEqual(texts);
    const { generatedInMs: _, ...meta } = JSON.parse(String(csv.headers['michinori-meta']));
    const { generatedInMs: __, ...expected } = json.meta;
    expect(meta).toEqual(expected);
    expect(new Set([csv.headers.etag, ndjson.headers.etag]).size).toBe(2);
  });

  it.each([
    ['text/csv', 'text/csv'],
    ['application/json;q=0.4, text/csv;q=0.5', 'text/csv'],
    ['text/csv;q=0.4, application/x-ndjson', 'application/x-ndjson'],
    ['text/*', 'text/csv'],
    ['text/csv;q=0, */*', 'application/json'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
    ['application/json;q=2, text/csv;q=0.1', 'text/csv'],
    ['', 'application/json'],
  ])('Accept: %s is answered with %s', async (accept, type) => {
    const answer = await apiOver(clickhouse).post('/v1/funnels/query', twoSteps, { accept });
    expect(answer.statusCode).toBe(200);
    expect(String(answer.headers['content-type']).split(';')[0]).toBe(type);
  });

  it('lets ?format= win over Accept', async () => {
    const answer = await apiOver(clickhouse).post('/v1/funnels/query?format=CSV', twoSteps, { accept: 'image/png' });
    expect(answer.headers['content-type']).toContain('text/csv');
  });

  it.each([
    ['/v1/funnels/query', 'image/png'],
    ['/v1/funnels/query?format=xml', '*/*'],
    ['/v1/funnels/query', 'text/html;q=1, application/json;q=0'],
  ])('%s with Accept: %s is 406 with the formats that there are', async (path, accept) => {
    const answer = await apiOver(clickhouse).post(path, twoSteps, { accept });
    expect(answer.statusCode).toBe(406);
    expect(answer.json()).toMatchObject({
      code: 'unknown_format',
      detail: expect.stringContaining('json, csv, ndjson'),
    });
  });

  it('keeps spreadsheets from running what customers sent', async () => {
    const { serialise } = await import('../src/answer/serialise.ts');
    const texts = ['=1+1', '+1', '-1', '@a', '\tx', '\rx', 'a,b', 'a"b', 'a\nb', '道のり'];
    const rows = texts.map((text) => ({ text, number: -1, flag: true, nothing: null }));
    const csv = serialise({ rows, columns: ['text', 'number', 'flag', 'nothing'], meta: {} }, 'csv');
    expect(csv.split('\r\n').slice(0, 5)).toEqual([
      'text,number,flag,nothing',
      "'=1+1,-1,true,",
      "'+1,-1,true,",
      "'-1,-1,true,",
      "'@a,-1,true,",
    ]);
    expect(csv).toContain("'\tx,");
    expect(csv).toContain("'\rx");
    expect(csv).toContain('"a,b",-1,true,\r\n"a""b",-1,true,\r\n"a\nb",-1,true,\r\n道のり,-1,true,\r\n');
    expect(serialise({ rows: [], columns: ['text', 'number'], meta: {} }, 'csv')).toBe('text,number\r\n');
    expect(serialise({ rows: [], columns: ['text'], meta: {} }, 'ndjson')).toBe('');
  });
});

describe('time to convert', () => {
  it('is a histogram with mean, median and p90', async () => {
    const body = { ...twoSteps, fromStep: 1, toStep: 2 };
    const answer = await apiOver(clickhouse).post('/v1/funnels/time-to-convert', body);
    expect(answer.json()).toMatchObject({
      rows: [{ fromSeconds: 86_400, toSeconds: 86_400, customers: 30 }],
      meta: { customers: 30, mean: 86_400, median: 86_400, p90: 86_400, timezone: 'UTC', truncated: false },
    });
  });
});

describe('the customers behind a number', () => {
  it('come page by page, without gaps or repeats, in the order of their entries', async () => {
    const api = apiOver(clickhouse);
    const seen: { customer: string; enteredAt: string }[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const body: object = { ...twoSteps, step: 1, outcome: 'converted', limit: 7, cursor };
      const answer = await api.post('/v1/funnels/customers', body);
      expect(answer.statusCode).toBe(200);
      const { rows, meta } = answer.json();
      expect(rows.length).toBeLessThanOrEqual(7);
      expect(meta.truncated).toBe(meta.cursor !== null);
      seen.push(...rows);
      cursor = meta.cursor;
      pages += 1;
    } while (cursor !== null);
    expect(pages).toBe(9);
    expect(seen.map(({ customer }) => customer).sort()).toEqual(
      Array.from({ length: 60 }, (_, i) => `c${String(i).padStart(2, '0')}`),
    );
    const entries = seen.map(({ enteredAt }) => enteredAt);
    expect(entries).toEqual([...entries].sort());
  });

  it('carry the time of every step in flat columns', async () => {
    const body = { ...twoSteps, step: 2, limit: 1 };
    const api = apiOver(clickhouse);
    const { rows } = (await api.post('/v1/funnels/customers', body)).json();
    expect(rows).toEqual([
      {
        customer: 'c00',
        anonymous: null,
        furthest: 2,
        open: false,
        enteredAt: '2026-01-05T00:00:00.000000Z',
        step1At: '2026-01-05T00:00:00.000000Z',
        step2At: '2026-01-06T00:00:00.000000Z',
      },
    ]);
    const csv = await api.post('/v1/funnels/customers?format=csv', body);
    expect(csv.body.split('\r\n')[0]).toBe('customer,anonymous,furthest,open,enteredAt,step1At,step2At');
  });
});

describe('GET', () => {
  it('lists touchpoints, the most frequent first, and says when there are more', async () => {
    const { app } = apiOver(clickhouse);
    expect((await app.inject('/v1/touchpoints')).json()).toMatchObject({
      rows: [
        {
          touchpoint: 'sign up',
          events: 60,
          customers: 60,
          first: '2026-01-05T00:00:00.000000Z',
          last: '2026-01-06T05:00:00.000000Z',
        },
        { touchpoint: 'purchase', events: 30 },
      ],
      meta: { truncated: false },
    });
    expect((await app.inject('/v1/touchpoints?limit=2')).json().meta.truncated).toBe(false);
    expect((await app.inject('/v1/touchpoints?limit=1')).json()).toMatchObject({
      rows: [{ touchpoint: 'sign up' }],
      meta: { truncated: true },
    });
    const early = await app.inject('/v1/touchpoints?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z');
    expect(early.json().rows).toMatchObject([{ touchpoint: 'sign up', events: 48 }]);
  });

  it('answers 304 to who has the answer already, and to nobody else', async () => {
    const { app } = apiOver(clickhouse);
    const first = await app.inject('/v1/touchpoints');
    const etag = String(first.headers.etag);
    const again = (tag: string, method: 'GET' | 'HEAD' = 'GET', query = '') =>
      app.inject({ method, url: `/v1/touchpoints${query}`, headers: { 'if-none-match': tag } });
    const same = await again(`"other", W/${etag}`);
    expect([same.statusCode, same.body, same.headers.etag]).toEqual([304, '', etag]);
    expect((await again('*')).statusCode).toBe(304);
    expect((await again(etag, 'HEAD')).statusCode).toBe(304);
    expect((await again('"other"')).statusCode).toBe(200);
    expect((await again(etag, 'GET', '?format=csv')).statusCode).toBe(200);
    expect((await again(etag, 'GET', '?limit=1')).statusCode).toBe(200);
  });

  it('pages through dead letters, newest first', async () => {
    await clickhouse.insert({
      table: 'dead_letters',
      columns: [
        'log',
        'log_partition',
        'log_offset',
        'received_at',
        'dialect',
        'code',
        'path',
        'message',
        'event_id',
        'raw',
        'source',
      ],
      rows: Array.from({ length: 5 }, (_, i) => [
        'dead-letters@test',
        0,
        i,
        nowUs - i * 1_000_000,
        'native',
        i === 3 ? 'too_deep' : 'invalid_time',
        '/occurredAt',
        'no',
        `e${i}`,
        '{"a":1}',
        'ingest',
      ]),
    });
    const { app } = apiOver(clickhouse);
    const offsets: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { rows: { offset: number }[]; meta: { cursor: string | null } } = (
        await app.inject(`/v1/dead-letters?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).json();
      offsets.push(...page.rows.map(({ offset }) => offset));
      cursor = page.meta.cursor;
    }
    expect(offsets).toEqual([0, 1, 2, 3, 4]);
    const one = (await app.inject('/v1/dead-letters?code=too_deep')).json();
    expect(one.rows).toEqual([
      {
        receivedAt: '2026-02-28T23:59:57.000000Z',
        source: 'ingest',
        dialect: 'native',
        code: 'too_deep',
        path: '/occurredAt',
        message: 'no',
        eventId: 'e3',
        raw: '{"a":1}',
        log: 'dead-letters@test',
        partition: 0,
        offset: 3,
      },
    ]);
    expect((await app.inject('/v1/dead-letters?cursor=eyJ9')).json().code).toBe('invalid_cursor');
  });
});
