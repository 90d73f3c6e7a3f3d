import { poissonInterval } from '@michinori/statistics';
import { expect, it } from 'vitest';
import { expectNear } from './near.ts';
import golden from './poisson-interval.golden.json' with { type: 'json' };

it('agrees with SciPy', () => {
  expect(golden.rows.length).toBeGreaterThan(30);
  for (const { count, level, lo, hi } of golden.rows) {
    const interval = poissonInterval(count, level);
    expectNear(interval.lo, lo, 1e-9);
    expectNear(interval.hi, hi, 1e-9);
  }
});

it('is 95 % unless asked otherwise, and refuses what is no count', () => {
  expect(poissonInterval(7)).toEqual(poissonInterval(7, 0.95));
  for (const count of [-1, 0.5, Number.NaN]) expect(() => poissonInterval(count)).toThrow(RangeError);
  for (const level of [0, 1, 2]) expect(() => poissonInterval(3, level)).toThrow(RangeError);
});
