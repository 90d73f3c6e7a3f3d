import { type FunnelRequestInput, funnelRequest } from '@michinori/queries';
import { expect, it } from 'vitest';
import { assembleFunnel } from '../src/funnel/assemble.ts';
import type { FunnelStepsRow } from '../src/funnel/funnel-steps.ts';
import { planFunnel } from '../src/funnel/plan.ts';

const plan = (more: Partial<FunnelRequestInput> = {}) =>
  planFunnel(
    funnelRequest.parse({
      steps: [{ touchpoint: 'a' }, { touchpoint: 'b', optional: true }, { touchpoint: ['c', 'd*'] }],
      window: { value: 1, unit: 'day' },
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-03T00:00:00Z',
      ...more,
    }),
    0,
  );

const cell = (more: Partial<FunnelStepsRow>): FunnelStepsRow => ({
  segment: '',
  bucketUs: 0,
  customers: [40, 10, 20],
  open: [4, 0, 0],
  dropped: [16, 0, 0],
  secondsMean: [null, 5, 6],
  secondsQuantiles: [
    [null, null],
    [4, 8],
    [5, 9],
  ],
  segmentCustomers: 40,
  segmentCount: 1,
  bucketCustomers: [40, 10, 20],
  shown: 1,
  ...more,
});

it('makes a row per step with rates against step 1 and against the required step before', () => {
  const { rows } = assembleFunnel(plan(), [cell({})], [0]);
  expect(
    rows.map(({ step, touchpoint, k, n, rate, fromPreviousRate }) => [step, touchpoint, k, n, rate, fromPreviousRate]),
  ).toEqual([
    [1, 'a', 40, 40, 1, null],
    [2, 'b', 10, 40, 0.25, 0.25],
    [3, 'c | d*', 20, 40, 0.5, 0.5],
  ]);
  expect(rows.map(({ secondsMean, secondsP50, secondsP90 }) => [secondsMean, secondsP50, secondsP90])).toEqual([
    [null, null, null],
    [5, 4, 8],
    [6, 5, 9],
  ]);
  // Wilson, 20 of 40 at 95 %.
  expect(rows[2]?.lo).toBeCloseTo(0.352, 3);
  expect(rows[2]?.hi).toBeCloseTo(0.648, 3);
  expect(rows.every((row) => row.segment === null && row.bucket === null && row.pValue === null)).toBe(true);
});

it('says how far a number can be trusted', () => {
  const stateOf = (n: number, open: number) =>
    assembleFunnel(plan(), [cell({ customers: [n, 0, 0], open: [open, 0, 0] })], [0]).rows[0]?.state;
  expect(stateOf(29, 0)).toBe('insufficient');
  expect(stateOf(30, 0)).toBe('ok');
  expect(stateOf(30, 6)).toBe('ok');
  expect(stateOf(30, 7)).toBe('immature');
});

it('fills empty buckets with zeros and no rates', () => {
  const { rows } = assembleFunnel(plan({ trend: { interval: 'day' } }), [cell({ bucketUs: 7 })], [0, 7]);
  expect(rows.map(({ bucket, step, customers }) => [bucket, step, customers])).toEqual([
    [0, 1, 0],
    [0, 2, 0],
    [0, 3, 0],
    [7, 1, 40],
    [7, 2, 10],
    [7, 3, 20],
  ]);
  expect(rows[0]).toMatchObject({ n: 0, rate: null, lo: null, hi: null, matureShare: null, state: 'insufficient' });
});

it('answers zeros when nobody entered, and nothing by segment', () => {
  expect(assembleFunnel(plan(), [], [0]).rows.map(({ customers }) => customers)).toEqual([0, 0, 0]);
  expect(assembleFunnel(plan({ breakdown: { by: 'channel' } }), [], [0])).toEqual({
    rows: [],
    otherSegments: [],
    otherSegmentsCount: 0,
  });
});

it('compares a segment with all others of its bucket, also those beyond the limit', () => {
  const breakdown = { by: 'channel', limit: 2 };
  const totals = { bucketCustomers: [100, 40, 60], segmentCount: 3 };
  const counted = [
    cell({ segment: 'x', ...totals }),
    cell({ segment: 'y', customers: [30, 5, 10], segmentCustomers: 30, ...totals }),
    cell({ segment: 'z', shown: 0, segmentCustomers: 30, customers: [30, 25, 30], ...totals }),
  ];
  const { rows, otherSegments, otherSegmentsCount } = assembleFunnel(plan({ breakdown }), counted, [0]);
  expect(otherSegments).toEqual([{ segment: 'z', customers: 30 }]);
  expect(otherSegmentsCount).toBe(1);
  // Pooled z-test by hand: x at step 3 is 20 of 40 against 40 of 60, z = −1.6667, p = 0.0956; y 10 of 30 against 50 of 70, z = −3.5635.
  expect(rows[2]?.pValue).toBeCloseTo(0.0956, 4);
  expect(rows[5]?.pValue).toBeCloseTo(0.00037, 5);
  expect(rows[2]?.qValue).toBeCloseTo(0.0956, 4);
  expect(rows[5]?.qValue).toBeCloseTo(2 * Number(rows[5]?.pValue), 12);
  expect(rows[0]?.pValue).toBeNull();
});
