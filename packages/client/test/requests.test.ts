import { describe, expect, it } from 'vitest';
import { createClient, customers, deadLetters, funnels, improvements, journeys, type Question } from '../src/index.ts';
import { requestOf } from '../src/request.ts';
import { collect } from './collect.ts';
import { answer, empty, misbehave } from './misbehaving-server.ts';

const sent = (question: Question<unknown, unknown>, base = 'http://api.test', key?: string) =>
  requestOf(question, { base, key, format: 'json' });

describe('the request of a question', () => {
  it('has its parameters in the query string: lists repeated, undefined left out', () => {
    const question = journeys.touchpoints('buying', {
      segment: ['plan:pro', 'region:a&b=é'],
      by: 'plan',
      from: undefined,
      count: 'visits',
    });
    expect(sent(question).url).toBe(
      'http://api.test/v1/journeys/buying/touchpoints?segment=plan%3Apro&segment=region%3Aa%26b%3D%C3%A9&by=plan&count=visits',
    );
    expect(sent(question).init).toEqual({
      method: 'GET',
      headers: { accept: 'application/json' },
      redirect: 'manual',
    });
  });

  it('says numbers and truth values as the API reads them', () => {
    expect(sent(deadLetters.list({ limit: 5 })).url).toMatch(/\?limit=5$/);
    expect(sent(customers.get('c', { anonymous: true })).url).toMatch(/\?anonymous=true$/);
  });

  it('keeps ids together that have slashes, spaces or percent signs', () => {
    expect(sent(customers.get('a/b c%2F?#')).url).toBe('http://api.test/v1/customers/a%2Fb%20c%252F%3F%23');
  });

  it.each([
    ['http://api.test', 'http://api.test/v1/journeys'],
    ['http://api.test/', 'http://api.test/v1/journeys'],
    ['https://example.org/journeys/', 'https://example.org/journeys/v1/journeys'],
  ])('goes below %s', (base, url) => {
    expect(sent(journeys.list(), base).url).toBe(url);
  });

  it('carries the key', () => {
    expect(sent(journeys.list(), 'http://api.test', 'mk_1').init.headers.authorization).toBe('Bearer mk_1');
  });

  it('has its body as JSON, or as the text that it is', () => {
    const record = sent(improvements.record({ id: 'i', journey: 'j', title: 't', at: '2026-01-01T00:00:00Z' })).init;
    expect(record.headers['content-type']).toBe('application/json');
    expect(JSON.parse(record.body ?? '')).toEqual({ id: 'i', journey: 'j', title: 't', at: '2026-01-01T00:00:00Z' });
    const apply = sent(journeys.apply('journey: a')).init;
    expect([apply.headers['content-type'], apply.body]).toEqual(['text/yaml', 'journey: a']);
    expect(JSON.parse(sent(journeys.apply({ source: 'journey: a' })).init.body ?? '')).toEqual({
      source: 'journey: a',
    });
  });
});

describe('a client', () => {
  it('asks for the form that it wants', async () => {
    const { url, requests } = await misbehave(answer('{"rows":[]}', { 'michinori-meta': '{}' }));
    const client = createClient({ url: new URL(url) });
    await client.ask(journeys.list());
    await client.stream(journeys.list());
    await client.csv(journeys.list());
    expect(requests.map(({ headers }) => headers.accept)).toEqual([
      'application/json',
      'application/x-ndjson',
      'text/csv',
    ]);
  });

  it('sends the cursor where the other parameters are, until there is none', async () => {
    const page = (row: string, cursor: string | null) => answer(JSON.stringify({ rows: [row], meta: { cursor } }));
    const { url, requests } = await misbehave(page('a', 'c1'), page('b', 'c2'), page('c', null), page('d', null));
    const client = createClient({ url });
    expect(await collect(client.all(deadLetters.list({ limit: 1, code: 'x' })))).toEqual(['a', 'b', 'c']);
    expect(requests.map(({ path }) => path.split('?')[1])).toEqual([
      'limit=1&code=x',
      'limit=1&code=x&cursor=c1',
      'limit=1&code=x&cursor=c2',
    ]);
    const body = { steps: [], window: { value: 1, unit: 'day' }, from: '', to: '', step: 1 } as const;
    requests.length = 0;
    expect(await collect(client.all(funnels.customers(body)))).toEqual(['a', 'b', 'c']);
    expect(requests.map((request) => JSON.parse(request.body).cursor)).toEqual([undefined, 'c1', 'c2']);
  });

  it('asks for no page that nobody reads', async () => {
    const { url, requests } = await misbehave(answer('{"rows":[1,2],"meta":{"cursor":"c"}}'));
    for await (const { rows } of createClient({ url }).pages(deadLetters.list())) if (rows.length > 0) break;
    expect(requests).toHaveLength(1);
  });

  it('opens nothing before it is asked', async () => {
    const { requests, url } = await misbehave(empty);
    createClient({ url });
    journeys.list();
    expect(requests).toHaveLength(0);
  });
});
