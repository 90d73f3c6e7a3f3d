import {
  betaQuantile,
  betaTails,
  meanDifference,
  meanInterval,
  normalQuantile,
  studentCriticalValue,
  studentQuantile,
  studentSurvival,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import betaGolden from './beta.golden.json' with { type: 'json' };
import { expectNear } from './near.ts';
import studentGolden from './student.golden.json' with { type: 'json' };
import welchGolden from './welch.golden.json' with { type: 'json' };

describe('beta distribution', () => {
  it('agrees with SciPy in both tails and in the quantiles', () => {
    for (const { a, b, x, lower, upper, p, quantile } of betaGolden.rows) {
      // x is rounded to a double, which moves a steep distribution by more than the rounding of its own value.
      const slack = 1e-11 * Math.sqrt(a + b);
      expectNear(betaTails(x, a, b).lower, lower, 1e-9 + slack);
      expectNear(betaTails(x, a, b).upper, upper, 1e-9 + slack);
      expectNear(betaQuantile(p, a, b), quantile, 1e-8);
    }
  });

  it('is whole at its ends and refuses nonsense', () => {
    expect(betaTails(0, 2, 3)).toEqual({ lower: 0, upper: 1 });
    expect(betaTails(1, 2, 3)).toEqual({ lower: 1, upper: 0 });
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
    for (const [x, a, b] of [
      [-0.1, 1, 1],
      [1.1, 1, 1],
      [0.5, 0, 1],
      [0.5, 1, Number.NaN],
    ] as const) {
      expect(() => betaTails(x, a, b)).toThrow(RangeError);
    }
    expect(() => betaQuantile(1.5, 1, 1)).toThrow(RangeError);
  });
});

describe('Student t', () => {
  it('agrees with SciPy far into both tails', () => {
    for (const row of studentGolden.rows) {
      if (row.t !== undefined) expectNear(studentSurvival(row.t, row.df), row.survival, 1e-9);
      else expectNear(studentQuantile(row.p, row.df), row.quantile, 1e-9, 1e-12);
    }
    const numbers = studentGolden.rows.filter((row) => row.t !== undefined).length;
    expect([numbers, studentGolden.rows.length - numbers].every((n) => n > 50)).toBe(true);
  });

  it('is the normal distribution with endless degrees of freedom, and open at 0 and 1', () => {
    expect(studentQuantile(0.975, Infinity)).toBe(normalQuantile(0.975));
    expect([studentQuantile(0, 3), studentQuantile(1, 3)]).toEqual([-Infinity, Infinity]);
    expect([studentSurvival(-Infinity, 3), studentSurvival(Infinity, 3)]).toEqual([1, 0]);
    for (const df of [0, -1, Number.NaN]) expect(() => studentSurvival(1, df)).toThrow(RangeError);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => studentQuantile(p, 3)).toThrow(RangeError);
    for (const level of [0, 1, 95]) expect(() => studentCriticalValue(level, 3)).toThrow(RangeError);
  });
});

describe('interval of a mean', () => {
  it('agrees with SciPy', () => {
    for (const { a, lo1, hi1 } of welchGolden.rows) {
      const { mean, lo, hi } = meanInterval(a.n, a.mean, a.variance);
      expect(mean).toBe(a.mean);
      if (lo1 === undefined || hi1 === undefined) expect([lo, hi]).toEqual([null, null]);
      else [expectNear(lo, lo1, 1e-10, 1e-12), expectNear(hi, hi1, 1e-10, 1e-12)];
    }
  });

  it('gives none where nothing shows a spread', () => {
    expect(meanInterval(0, Number.NaN, null)).toEqual({ n: 0, mean: null, lo: null, hi: null });
    expect(meanInterval(1, 0.4, null)).toEqual({ n: 1, mean: 0.4, lo: null, hi: null });
    expect(meanInterval(9, 0.4, 0)).toEqual({ n: 9, mean: 0.4, lo: null, hi: null });
    for (const [n, mean, variance] of [
      [-1, 0, 1],
      [1.5, 0, 1],
      [3, Number.NaN, 1],
      [3, 0, -1],
      [3, 0, null],
      [3, 0, Infinity],
    ] as const) {
      expect(() => meanInterval(n, mean, variance)).toThrow(RangeError);
    }
  });
});

describe('difference of means', () => {
  it('agrees with SciPy: Welch t, degrees of freedom, p and interval', () => {
    for (const row of welchGolden.rows) {
      const result = meanDifference(row.a, row.b);
      expectNear(result.difference, row.a.mean - row.b.mean, 1e-14);
      expectNear(result.t, row.t, 1e-11, 1e-14);
      expectNear(result.df, row.df, 1e-11);
      expectNear(result.pValue, row.p, 1e-9);
      expectNear(result.lo, row.lo, 1e-9, 1e-12);
      expectNear(result.hi, row.hi, 1e-9, 1e-12);
    }
  });

  it('judges nothing without two values on both sides or without any spread', () => {
    const sample = { n: 5, mean: 1, variance: 2 };
    const nothing = { lo: null, hi: null, df: null, t: 0, pValue: 1 };
    expect(meanDifference(sample, { n: 0, mean: Number.NaN, variance: null })).toEqual({
      difference: null,
      ...nothing,
    });
    expect(meanDifference({ n: 1, mean: 3, variance: null }, sample)).toEqual({ difference: 2, ...nothing });
    expect(meanDifference(sample, { n: 1, mean: 3, variance: null })).toEqual({ difference: -2, ...nothing });
    expect(meanDifference({ n: 4, mean: 3, variance: 0 }, { n: 4, mean: 1, variance: 0 })).toEqual({
      difference: 2,
      ...nothing,
    });
    expect(meanDifference({ n: 4, mean: 3, variance: 0 }, sample).df).toBeCloseTo(4, 12);
  });
});
