import type { ClickHouse } from '@michinori/clickhouse';
import { FunnelRequestError, runFunnel } from '@michinori/queries';
import { temporaryClickHouse } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  bySegment,
  customer,
  customers,
  epochUs,
  hashOf,
  meanMinutes,
  minute,
  minutes,
  request,
  write,
} from './hand-world.ts';

const closers: (() => Promise<void>)[] = [];
let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closers.push(close) });
});
afterAll(async () => {
  for (const close of closers) await close();
});

describe('one event, however often it is stored', () => {
  it('counts copies once and superseded contents not at all', async () => {
    const once = customer('x', 'A@0', { id: 'one' });
    await write(clickhouse, [...once, ...once, ...customer('y', 'A@0 B@1')]);
    expect(customers(await ask(clickhouse, 'A A'))).toEqual([2, 0]);
    const loser = customer('y', 'B@1', { id: 'loser' });
    await write(clickhouse, [...customer('y', 'A@0'), ...loser]);
    expect(customers(await ask(clickhouse, 'A B'))).toEqual([1, 1]);
    const hash = loser.map((event) => hashOf(event, 'loser'));
    await clickhouse.insert({
      table: 'superseded_events',
      columns: ['content_hash', 'event_id'],
      rows: hash.map((value) => [value, 'loser']),
    });
    expect(customers(await ask(clickhouse, 'A B'))).toEqual([1, 0]);
  });
});

describe('filters', () => {
  const propertyFilter = (op: string, value?: unknown) =>
    request([{ touchpoint: 'A', where: [{ property: 'p', op, value } as never] }]);
  const matching = async (op: string, value?: unknown) => {
    const { rows } = await runFunnel(clickhouse, propertyFilter(op, value), { now: epochUs });
    return rows[0]?.customers;
  };

  it('compares texts and numbers as documented', async () => {
    const values = ['', '5', '10', '1e1', ' 5', 'abc', 'inf', '0x10', '-0.5', 'a\nc', "o'c\\"];
    await write(clickhouse, [
      ...values.flatMap((p, i) => customer(`c${i}`, 'A@0', { properties: { p } })),
      ...customer('missing', 'A@0'),
    ]);
    expect(await matching('eq', 10)).toBe(1);
    expect(await matching('eq', "o'c\\")).toBe(1);
    expect(await matching('eq', '')).toBe(2);
    expect(await matching('neq', '5')).toBe(11);
    expect(await matching('in', ['5', 10, ''])).toBe(4);
    expect(await matching('not_in', ['5', 10])).toBe(10);
    expect(await matching('gt', 5)).toBe(2);
    expect(await matching('gte', '5')).toBe(3);
    expect(await matching('lt', 0)).toBe(1);
    expect(await matching('lte', 10)).toBe(4);
    expect(await matching('contains', '1')).toBe(3);
    expect(await matching('not_contains', 'B')).toBe(12);
    expect(await matching('set')).toBe(11);
    expect(await matching('not_set')).toBe(1);
    expect(await matching('regex', '^a.c$')).toBe(2);
    expect(await matching('regex', 'B')).toBe(0);
  });

  it('takes touchpoints by name, list, prefix and any, a star inside being a star', async () => {
    await write(clickhouse, [...customer('x', 'page.a@0'), ...customer('y', 'page.b@0'), ...customer('z', 'p*b@0')]);
    const count = async (touchpoint: string | string[]) => customers(await ask(clickhouse, [{ touchpoint }]))[0];
    expect(await count('page.a')).toBe(1);
    expect(await count(['page.a', 'p*b'])).toBe(2);
    expect(await count('page.*')).toBe(2);
    expect(await count('p*b')).toBe(1);
    expect(await count('*')).toBe(3);
  });

  it('says that a pattern is not RE2', async () => {
    await write(clickhouse, customer('x', 'A@0', { properties: { p: 'a' } }));
    const asked = runFunnel(clickhouse, propertyFilter('regex', '(?=a)'), { now: epochUs });
    await expect(asked).rejects.toThrow(FunnelRequestError);
  });

  it('reads a trait as of the event, from the events of all time', async () => {
    await write(clickhouse, [
      ...customer('was pro', 'T@-500', { traits: { plan: 'pro' } }),
      ...customer('was pro', 'A@0 B@5'),
      ...customer('became pro', 'A@0'),
      ...customer('became pro', 'T@1', { traits: { plan: 'pro' } }),
      ...customer('became pro', 'B@5'),
    ]);
    const pro = [{ trait: 'plan', op: 'eq' as const, value: 'pro' }];
    expect(customers(await ask(clickhouse, [{ touchpoint: 'A', where: pro }, { touchpoint: 'B' }]))).toEqual([1, 1]);
    expect(customers(await ask(clickhouse, [{ touchpoint: 'A' }, { touchpoint: 'B', where: pro }]))).toEqual([2, 2]);
    expect(customers(await ask(clickhouse, 'A B', { filter: pro }))).toEqual([1, 1]);
  });
});

describe('unit account', () => {
  it('joins the events of all customers of an account, from when each joined it', async () => {
    await write(clickhouse, [
      ...customer('ann', 'A@0', { account: 'acme' }),
      ...customer('bob', 'B@1'),
      ...customer('bob', 'J@2', { account: 'acme' }),
      ...customer('bob', 'C@3'),
      ...customer('zoe', 'A@0 C@1'),
    ]);
    expect(customers(await ask(clickhouse, 'A C', { unit: 'account' }))).toEqual([1, 1]);
    expect(customers(await ask(clickhouse, 'A B', { unit: 'account' }))).toEqual([1, 0]);
  });
});

describe('exclusions', () => {
  const exclude = [{ touchpoint: 'X' }];

  it('throws a spoiled customer out altogether, unless another attempt is clean', async () => {
    await write(clickhouse, [
      ...customer('spoiled', 'A@0 X@1 B@2'),
      ...customer('retries', 'A@0 X@1 B@2 A@3 B@4'),
      ...customer('after', 'A@0 B@1 X@2'),
      ...customer('simultaneous', 'A@0 X@0 B@1'),
      ...customer('never arrives', 'A@0 X@100'),
      ...customer('out of the window', 'A@0 X@101'),
    ]);
    expect(customers(await ask(clickhouse, 'A B', { exclude }))).toEqual([4, 3]);
  });

  it('looks between the named steps only, and only if the first of them was reached', async () => {
    await write(clickhouse, [
      ...customer('before 2', 'A@0 X@1 B@2 C@3'),
      ...customer('after 2', 'A@0 B@1 X@2 C@3'),
      ...customer('never at 2', 'A@0 X@1'),
    ]);
    const between = [{ touchpoint: 'X', after: 2, before: 3 }];
    expect(customers(await ask(clickhouse, 'A B C', { exclude: between }))).toEqual([2, 1, 1]);
  });

  it('does not spoil by an event of the chain itself', async () => {
    await write(clickhouse, customer('x', 'A@0 B@1 C@2'));
    expect(customers(await ask(clickhouse, 'A B C', { exclude: [{ touchpoint: 'B' }] }))).toEqual([1, 1, 1]);
  });

  it('spoils any order between the start and the completion', async () => {
    await write(clickhouse, [...customer('in', 'B@0 X@1 A@2'), ...customer('after', 'B@0 A@2 X@3')]);
    expect(customers(await ask(clickhouse, 'A B', { order: 'any', exclude }))).toEqual([2, 1]);
    await write(clickhouse, [...customer('in', 'B@0 X@1 A@2 X@3'), ...customer('unfinished', 'B@0 X@100')]);
    expect(customers(await ask(clickhouse, 'A B', { order: 'any', exclude }))).toEqual([0, 0]);
  });
});

describe('hold and breakdown', () => {
  const contract = (contract: string) => ({ properties: { contract } });

  it('holds a property constant along a chain, missing being a value', async () => {
    await write(clickhouse, [
      ...customer('same', 'A@0 B@5', contract('c1')),
      ...customer('mixed', 'A@0', contract('c1')),
      ...customer('mixed', 'B@1', contract('c2')),
      ...customer('none', 'A@0 B@1'),
    ]);
    expect(customers(await ask(clickhouse, 'A B', { hold: ['property:contract'] }))).toEqual([3, 2]);
  });

  it('attributes by the first, the last, the entry and a step', async () => {
    await write(clickhouse, [
      ...customer('x', 'A@0'),
      ...customer('x', 'B@1', contract('b')),
      ...customer('x', 'C@2', contract('c')),
      ...customer('y', 'A@0', contract('a')),
    ]);
    const by = async (attribution: string) =>
      bySegment(await ask(clickhouse, 'A B C', { breakdown: { by: 'property:contract', attribution } }));
    expect(await by('first')).toEqual({ a: [1, 0, 0], b: [1, 1, 1] });
    expect(await by('last')).toEqual({ a: [1, 0, 0], c: [1, 1, 1] });
    expect(await by('entry')).toEqual({ '': [1, 1, 1], a: [1, 0, 0] });
    expect(await by('step:2')).toEqual({ b: [1, 1, 1] });
  });

  it('makes a funnel per value for all', async () => {
    await write(clickhouse, [
      ...customer('x', 'A@0 B@9', contract('p')),
      ...customer('x', 'A@1', contract('q')),
      ...customer('x', 'B@2', contract('')),
    ]);
    const rows = await ask(clickhouse, 'A B', { breakdown: { by: 'property:contract', attribution: 'all' } });
    expect(bySegment(rows)).toEqual({ p: [1, 1], q: [1, 0] });
  });

  it('turns numbers into bands', async () => {
    const ages = ['9', '10', '19.5', '20', 'old'];
    await write(
      clickhouse,
      ages.flatMap((age, i) => customer(`c${i}`, 'A@0', { properties: { age } })),
    );
    const rows = await ask(clickhouse, 'A', { breakdown: { by: 'property:age', bands: [10, 20] } });
    expect(bySegment(rows)).toEqual({ '<10': [1], '10–20': [2], '≥20': [1], '': [1] });
  });

  it('keeps the largest segments, names the others, and compares with all of them', async () => {
    const many = (segment: string, count: number, text: string) =>
      Array.from({ length: count }, (_, i) => customer(`${segment}${i}`, text, { channel: segment })).flat();
    await write(clickhouse, [
      ...many('a', 3, 'A@0 B@1'),
      ...many('b', 2, 'A@0'),
      ...many('c', 2, 'A@0'),
      ...many('d', 1, 'A@0'),
    ]);
    const asked = request('A B', { breakdown: { by: 'channel', limit: 2 } });
    const { rows, meta } = await runFunnel(clickhouse, asked, { now: epochUs });
    expect(bySegment(rows)).toEqual({ a: [3, 3], b: [2, 0] });
    expect(meta.otherSegments).toEqual([
      { segment: 'c', customers: 2 },
      { segment: 'd', customers: 1 },
    ]);
    expect(meta.otherSegmentsCount).toBe(2);
    // Fisher, 3 of 3 against 0 of 5: 1 / C(8, 3).
    expect(rows[1]?.pValue).toBeCloseTo(1 / 56, 12);
    expect(rows[1]?.qValue).toBeCloseTo(2 / 56, 12);
    expect(rows[0]?.pValue).toBeNull();
  });
});

describe('open and mature', () => {
  it('is open until the end of the window, inclusive', async () => {
    await write(clickhouse, [...customer('x', 'A@0'), ...customer('y', 'A@0 B@1'), ...customer('z', 'A@-1')]);
    const at = async (asOf: number) =>
      (await ask(clickhouse, 'A B', { asOf: minute(asOf) })).map(({ open, dropped, matureShare }) => [
        open,
        dropped,
        matureShare,
      ]);
    expect(await at(100)).toEqual([
      [1, 0, 0.5],
      [0, 0, 0.5],
    ]);
    expect(await at(100 + 1 / 60e6)).toEqual([
      [0, 1, 1],
      [0, 0, 1],
    ]);
  });

  it('is open by a shallower attempt than the chosen one', async () => {
    await write(clickhouse, customer('x', 'A@0 B@1 A@150'));
    const rows = await ask(clickhouse, 'A B C', { asOf: minute(160) });
    expect(rows.map(({ customers: k, open, dropped }) => [k, open, dropped])).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 0],
    ]);
  });

  it('is no longer open when the maximal gap has passed, unless a later chain still runs', async () => {
    const steps = [
      { touchpoint: 'A' },
      { touchpoint: 'B', within: minutes(10) },
      { touchpoint: 'C', within: minutes(10) },
    ];
    await write(clickhouse, [
      ...customer('over', 'A@0 B@1'),
      ...customer('later B', 'A@0 B@1 B@9'),
      ...customer('no B', 'A@0'),
    ]);
    const open = async (asOf: number) => (await ask(clickhouse, steps, { asOf: minute(asOf) })).map((row) => row.open);
    expect(await open(11)).toEqual([0, 2, 0]);
    expect(await open(12)).toEqual([0, 1, 0]);
    expect(await open(20)).toEqual([0, 0, 0]);
  });

  it('is no longer open when strict was disturbed', async () => {
    await write(clickhouse, [...customer('waits', 'A@0'), ...customer('disturbed', 'A@0 Z@1')]);
    const rows = await ask(clickhouse, 'A B', { order: 'strict', asOf: minute(10) });
    expect(rows.map(({ open, dropped }) => [open, dropped])).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });
});

describe('trend', () => {
  it('counts a customer once per bucket of entry and lists empty buckets', async () => {
    const day = 1440;
    await write(clickhouse, [
      ...customer('x', `A@10 B@11 A@20 A@${2 * day} B@${2 * day + 5}`),
      ...customer('y', `A@${2 * day - 1}`),
    ]);
    const rows = await ask(clickhouse, 'A B', { to: minute(4 * day), trend: { interval: 'day' } });
    expect(rows.filter(({ step }) => step === 1).map(({ bucket, customers: k }) => [bucket, k])).toEqual(
      [1, 1, 1, 0].map((k, i) => [epochUs + i * 86_400e6, k]),
    );
    expect(meanMinutes(rows.filter(({ step }) => step === 2))).toEqual([1, null, 5, null]);
  });

  it('begins days and weeks in the time zone, also on days of 23 and 25 hours', async () => {
    await write(clickhouse, customer('x', 'A@0'));
    const buckets = async (interval: 'day' | 'week', from: string, to: string) => {
      const rows = await ask(clickhouse, 'A', { from, to, timezone: 'Europe/Berlin', trend: { interval } });
      return rows.map(({ bucket }) => new Date(Number(bucket) / 1000).toISOString().slice(0, 16));
    };
    expect(await buckets('day', '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      '2026-03-27T23:00',
      '2026-03-28T23:00',
      '2026-03-29T22:00',
    ]);
    expect(await buckets('week', '2026-10-25T00:00:00Z', '2026-10-26T00:00:00Z')).toEqual([
      '2026-10-18T22:00',
      '2026-10-25T23:00',
    ]);
  });
});
