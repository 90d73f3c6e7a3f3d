import { defineQuery, type Query } from '@michinori/clickhouse';
import { type FunnelRequestInput, funnelRequest } from '@michinori/queries';
import { temporaryClickHouse } from '@michinori/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BoundValues } from '../src/funnel/bound-query.ts';
import { funnelCustomers } from '../src/funnel/funnel-customers.ts';
import { funnelSteps } from '../src/funnel/funnel-steps.ts';
import { funnelTimeToConvert } from '../src/funnel/funnel-time-to-convert.ts';
import { type Engine, type Plan, planFunnel } from '../src/funnel/plan.ts';
import { trendBuckets } from '../src/funnel/trend-buckets.ts';

const base: FunnelRequestInput = {
  steps: [{ touchpoint: 'sign up' }, { touchpoint: 'purchase' }],
  window: { value: 14, unit: 'day' },
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
};
const day = { value: 1, unit: 'day' as const };
const [first, second] = [{ touchpoint: 'a' }, { touchpoint: 'b' }];
const plan = (more: Partial<FunnelRequestInput> = {}) => planFunnel(funnelRequest.parse({ ...base, ...more }), 0);

const shapes: [name: string, engine: Engine, narrow: boolean, more: Partial<FunnelRequestInput>][] = [
  ['plain', 'fill', true, {}],
  ['trend', 'fill', true, { trend: { interval: 'week' } }],
  ['gap', 'fill', true, { steps: [first, { ...second, within: day }] }],
  ['repeated side by side', 'fill', true, { steps: [first, first, second] }],
  ['repeated apart', 'either', false, { steps: [first, second, first] }],
  ['overlap', 'either', false, { steps: [{ touchpoint: 'a*' }, first] }],
  ['optional', 'frontier', false, { steps: [first, { ...second, optional: true }] }],
  ['minimal gap', 'frontier', false, { steps: [first, { ...second, atLeast: day }] }],
  ['strict', 'either', false, { order: 'strict' }],
  ['exclusion', 'fill', false, { exclude: [{ touchpoint: 'x' }] }],
  ['exclusion of a step', 'frontier', false, { exclude: [{ touchpoint: 'purchase' }] }],
  [
    'strict, hold, exclusion',
    'either',
    false,
    { order: 'strict', hold: ['property:p'], exclude: [{ touchpoint: 'x' }] },
  ],
  ['any', 'any-fill', true, { order: 'any' }],
  ['any, overlap', 'any-fold', false, { order: 'any', steps: [{ touchpoint: 'a*' }, first] }],
  ['breakdown', 'fill', false, { breakdown: { by: 'property:p', bands: [1, 2] } }],
  ['breakdown all', 'fill', false, { breakdown: { by: 'trait:t', attribution: 'all' } }],
  ['account', 'fill', true, { unit: 'account', filter: [{ team: true, op: 'neq', value: 'x' }] }],
];

const queriesOf = (given: Plan) => [
  funnelSteps(given),
  funnelTimeToConvert(given, { fromStep: 1, toStep: 2, bins: null, segment: null }),
  funnelCustomers(given, { step: 1, outcome: 'open', segment: null, bucketUs: null, limit: 10, after: null }),
];

describe('the plan', () => {
  it.each(shapes)('%s is found by %s', (_, engine, narrow, more) => {
    const { engine: planned, narrow: isNarrow } = plan(more);
    expect({ engine: planned, narrow: isNarrow }).toEqual({ engine, narrow });
  });

  it('takes filters that exclude each other for disjoint steps', () => {
    const where = (value: string) => [{ property: 'p', op: 'eq' as const, value }];
    const steps = [
      { touchpoint: 'a', where: where('x') },
      { touchpoint: 'a', where: where('y') },
    ];
    expect(plan({ steps }).engine).toBe('fill');
    expect(plan({ steps: [{ touchpoint: 'a', where: where('x') }, first] }).engine).toBe('either');
  });
});

describe('the text', () => {
  it('holds no value of the request', () => {
    const marks = { touchpoint: 'MARK', where: [{ property: 'MARK', op: 'regex' as const, value: 'MARK' }] };
    const given = plan({
      steps: [marks, { ...marks, touchpoint: ['MARK1', 'MARK*'] }],
      filter: [{ trait: 'MARK', op: 'in', value: ['MARK'] }],
      exclude: [marks],
      hold: ['property:MARK'],
      breakdown: { by: 'trait:MARK', bands: [987_654] },
      trend: { interval: 'day' },
      timezone: 'Asia/Tokyo',
      window: { value: 7777, unit: 'second' },
    });
    for (const { query } of [...queriesOf(given), trendBuckets(given)]) {
      expect(query.sql).not.toMatch(/MARK|987654|7777|Tokyo|1767225600/);
    }
  });

  it('is the same for the same structure', () => {
    const other = plan({ steps: [{ touchpoint: 'x' }, { touchpoint: 'y' }], from: '2025-01-01T00:00:00Z' });
    expect(funnelSteps(plan()).query.sql).toBe(funnelSteps(other).query.sql);
    expect(funnelSteps(plan()).values).not.toEqual(funnelSteps(other).values);
  });

  it('of a plain funnel of two steps reads as follows', () => {
    expect(funnelSteps(plan()).query.sql).toMatchSnapshot();
  });

  it('of the buckets of a trend reads as follows', () => {
    expect(trendBuckets(plan({ trend: { interval: 'week' } })).query.sql).toMatchSnapshot();
  });
});

it('every shape of question is accepted by ClickHouse', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const explained = (query: Query<BoundValues, unknown>) =>
    defineQuery({ ...query, sql: `EXPLAIN PIPELINE ${query.sql}`, row: z.unknown() });
  for (const [name, , , more] of shapes) {
    for (const { query, values } of queriesOf(plan(more)) as {
      query: Query<BoundValues, unknown>;
      values: BoundValues;
    }[]) {
      const lines = await clickhouse.query(explained(query), values);
      expect(lines.length, `${name}, ${query.name}`).toBeGreaterThan(0);
    }
  }
});
