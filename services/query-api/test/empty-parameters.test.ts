import type { ClickHouse } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { givenParameters } from '../src/question/given-parameters.ts';
import { apiOver, fill, openStore, sixtyCustomers } from './world.ts';

describe('a parameter without a value', () => {
  it('counts as not given', () => {
    expect(givenParameters({ by: '', interval: 'day' })).toEqual({ interval: 'day' });
    expect(givenParameters({ segment: ['', ''] })).toEqual({});
    expect(givenParameters(undefined)).toEqual({});
  });

  it('of a repeated one leaves the other values, one of them as a text', () => {
    expect(givenParameters({ segment: ['', 'plan:pro'] })).toEqual({ segment: 'plan:pro' });
    expect(givenParameters({ segment: ['plan:pro', '', 'plan:free'] })).toEqual({ segment: ['plan:pro', 'plan:free'] });
  });

  it('keeps what only looks empty', () => {
    expect(givenParameters({ segment: 'plan:', limit: '0', by: ' ' })).toEqual({
      segment: 'plan:',
      limit: '0',
      by: ' ',
    });
  });
});

describe('the API', () => {
  let clickhouse: ClickHouse;
  beforeAll(async () => {
    clickhouse = await openStore();
    await fill(clickhouse, sixtyCustomers);
  });
  const get = (url: string) => apiOver(clickhouse).app.inject({ method: 'GET', url });

  it('answers as if it were not there', async () => {
    const plain = await get('/v1/touchpoints?from=2026-01-06T00:00:00Z');
    const empty = await get('/v1/touchpoints?from=2026-01-06T00:00:00Z&to=&limit=&format=');
    expect(empty.statusCode).toBe(200);
    expect(empty.json().rows).toEqual(plain.json().rows);
    expect(plain.json().rows.length).toBeGreaterThan(0);
  });

  it('still refuses names that it does not know, and values that are wrong', async () => {
    expect((await get('/v1/touchpoints?from=2026-01-06T00:00:00Z&limit=-1')).statusCode).toBe(400);
    expect((await get('/v1/touchpoints?to=&zzz=1')).statusCode).toBe(400);
  });
});
