import {
  benjaminiHochberg,
  fisherExact,
  normalCdf,
  normalQuantile,
  normalSurvival,
  npsInterval,
  quantileR7,
  twoProportion,
  twoProportionOrFisher,
  wilson,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import bhGolden from './benjamini-hochberg.golden.json' with { type: 'json' };
import fisherGolden from './fisher.golden.json' with { type: 'json' };
import { expectNear } from './near.ts';
import normalGolden from './normal.golden.json' with { type: 'json' };
import quantileGolden from './quantile.golden.json' with { type: 'json' };
import twoProportionGolden from './two-proportion.golden.json' with { type: 'json' };
import wilsonGolden from './wilson.golden.json' with { type: 'json' };

describe('normal distribution', () => {
  it('agrees with SciPy far into both tails', () => {
    expect(normalGolden.rows.length).toBeGreaterThan(30);
    for (const row of normalGolden.rows) {
      if (row.z !== undefined) {
        expectNear(normalCdf(row.z), row.cdf, 1e-11);
        expectNear(normalSurvival(row.z), row.survival, 1e-11);
      } else {
        expectNear(normalQuantile(row.p), row.quantile, 1e-14);
      }
    }
  });

  it('has infinite quantiles at 0 and 1 and refuses anything else', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});

describe('Wilson interval', () => {
  it('agrees with statsmodels', () => {
    for (const { k, n, level, lo, hi } of wilsonGolden.rows) {
      const interval = wilson(k, n, level);
      expectNear(interval.lo, lo, 1e-9, 1e-15);
      expectNear(interval.hi, hi, 1e-9, 1e-15);
    }
  });

  it('is [0, 1] without data, closed at the ends, and always holds the rate', () => {
    expect(wilson(0, 0)).toEqual({ lo: 0, hi: 1 });
    expect(wilson(0, 7).lo).toBe(0);
    expect(wilson(7, 7).hi).toBe(1);
    for (const [k, n] of [
      [0, 1],
      [1, 1],
      [1, 3],
      [1, 2 ** 53 - 1],
      [2 ** 53 - 2, 2 ** 53 - 1],
    ] as const) {
      const { lo, hi } = wilson(k, n);
      expect(lo).toBeGreaterThanOrEqual(0);
      expect(hi).toBeLessThanOrEqual(1);
      expect(lo).toBeLessThanOrEqual(k / n);
      expect(hi).toBeGreaterThanOrEqual(k / n);
    }
  });

  it('refuses what is not k of n', () => {
    for (const [k, n] of [
      [-1, 3],
      [4, 3],
      [0.5, 3],
      [Number.NaN, 3],
      [1, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(() => wilson(k, n)).toThrow(RangeError);
    }
    for (const level of [0, 1, 95]) expect(() => wilson(1, 2, level)).toThrow(RangeError);
  });
});

describe('two proportions', () => {
  it('agree with statsmodels: pooled z and the score interval of the difference', () => {
    for (const { a, b, z, p, lo, hi } of twoProportionGolden.rows) {
      const result = twoProportion(a, b);
      expectNear(result.z, z, 1e-9, 1e-12);
      expectNear(result.pValue, p, 1e-8);
      expectNear(result.lo, lo, 1e-9, 1e-12);
      expectNear(result.hi, hi, 1e-9, 1e-12);
    }
  });

  it('say nothing without data or without variation', () => {
    expect(twoProportion({ k: 0, n: 0 }, { k: 1, n: 2 })).toEqual({ difference: null, lo: -1, hi: 1, z: 0, pValue: 1 });
    expect(twoProportion({ k: 0, n: 9 }, { k: 0, n: 5 })).toMatchObject({ difference: 0, z: 0, pValue: 1 });
    expect(twoProportion({ k: 9, n: 9 }, { k: 5, n: 5 })).toMatchObject({ difference: 0, z: 0, pValue: 1 });
  });

  it('are symmetric', () => {
    const [a, b] = [
      { k: 3, n: 40 },
      { k: 30, n: 77 },
    ];
    const [ab, ba] = [twoProportion(a, b), twoProportion(b, a)];
    expect(ab.pValue).toBe(ba.pValue);
    expect(ab.lo).toBeCloseTo(-ba.hi, 14);
  });

  it('keep tiny p-values positive as long as a double can hold them', () => {
    const { pValue } = twoProportion({ k: 1000, n: 4000 }, { k: 2600, n: 4000 });
    expect(pValue).toBeGreaterThan(0);
    expect(pValue).toBeLessThan(1e-200);
  });
});

describe("Fisher's exact test", () => {
  it('agrees with SciPy', () => {
    for (const { a, b, p } of fisherGolden.rows) expectNear(fisherExact(a, b), p, 1e-9);
  });

  it('is 1 when the margins leave only one table', () => {
    for (const [a, b] of [
      [
        { k: 0, n: 0 },
        { k: 0, n: 0 },
      ],
      [
        { k: 0, n: 0 },
        { k: 2, n: 5 },
      ],
      [
        { k: 0, n: 4 },
        { k: 0, n: 5 },
      ],
      [
        { k: 4, n: 4 },
        { k: 5, n: 5 },
      ],
    ] as const) {
      expect(fisherExact(a, b)).toBe(1);
    }
  });

  it('does not care which group is first or what is called a success', () => {
    for (let i = 0; i < 200; i++) {
      const [n1, n2] = [(i * 7) % 23, (i * 5) % 31];
      const [a, b] = [
        { k: (i * 3) % (n1 + 1), n: n1 },
        { k: (i * 11) % (n2 + 1), n: n2 },
      ];
      const p = fisherExact(a, b);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expectNear(fisherExact(b, a), p, 1e-12);
      expectNear(fisherExact({ k: a.n - a.k, n: a.n }, { k: b.n - b.k, n: b.n }), p, 1e-12);
    }
  });

  it('stays exact with huge groups and tiny p-values', () => {
    const p = fisherExact({ k: 0, n: 1_000_000_000 }, { k: 4, n: 1_000_000_000 });
    expectNear(p, 0.125, 1e-8);
    const tiny = fisherExact({ k: 0, n: 500 }, { k: 500, n: 500 });
    expect(tiny).toBeGreaterThan(0);
    expect(tiny).toBeLessThan(1e-290);
  });
});

describe('choice of the test', () => {
  it('is z only if every observed and expected cell has at least 5', () => {
    expect(twoProportionOrFisher({ k: 5, n: 10 }, { k: 5, n: 10 }).test).toBe('z');
    expect(twoProportionOrFisher({ k: 4, n: 10 }, { k: 50, n: 100 }).test).toBe('fisher');
    expect(twoProportionOrFisher({ k: 96, n: 100 }, { k: 50, n: 100 }).test).toBe('fisher');
    expect(twoProportionOrFisher({ k: 50, n: 100 }, { k: 4, n: 10 }).test).toBe('fisher');
    expect(twoProportionOrFisher({ k: 50, n: 100 }, { k: 96, n: 100 }).test).toBe('fisher');
    expect(twoProportionOrFisher({ k: 6, n: 1000 }, { k: 5, n: 10 }).test).toBe('fisher');
    expect(twoProportionOrFisher({ k: 0, n: 0 }, { k: 50, n: 100 })).toEqual({ pValue: 1, test: 'fisher' });
  });

  it('hands on the p-value of the chosen test', () => {
    const [a, b] = [
      { k: 30, n: 100 },
      { k: 45, n: 100 },
    ];
    expect(twoProportionOrFisher(a, b).pValue).toBe(twoProportion(a, b).pValue);
    const [c, d] = [
      { k: 2, n: 10 },
      { k: 9, n: 12 },
    ];
    expect(twoProportionOrFisher(c, d).pValue).toBe(fisherExact(c, d));
  });
});

describe('Benjamini–Hochberg', () => {
  it('agrees with statsmodels, in the order given', () => {
    for (const { p, q } of bhGolden.rows) {
      const actual = benjaminiHochberg(p);
      expect(actual).toHaveLength(q.length);
      actual.forEach((value, i) => {
        expectNear(value, q[i] ?? Number.NaN, 1e-12);
      });
    }
  });

  it('accepts an empty family and refuses what is not a probability', () => {
    expect(benjaminiHochberg([])).toEqual([]);
    for (const p of [-0.01, 1.01, Number.NaN]) expect(() => benjaminiHochberg([0.5, p])).toThrow(RangeError);
  });
});

describe('NPS interval', () => {
  it('is the design formula on a worked example', () => {
    // 50 promoters, 30 passives, 20 detractors: NPS 30, variance (0.7 − 0.09)/100, half-width 1.959964·7.810250.
    const { n, nps, lo, hi } = npsInterval(50, 30, 20);
    expect(n).toBe(100);
    expect(nps).toBeCloseTo(30, 12);
    expect(lo).toBeCloseTo(30 - 15.307808, 5);
    expect(hi).toBeCloseTo(30 + 15.307808, 5);
  });

  it('stays inside −100 … 100 and says nothing without responses', () => {
    expect(npsInterval(0, 0, 0)).toEqual({ n: 0, nps: null, lo: -100, hi: 100 });
    expect(npsInterval(5, 0, 0)).toEqual({ n: 5, nps: 100, lo: 100, hi: 100 });
    expect(npsInterval(9, 1, 0).hi).toBe(100);
    expect(npsInterval(0, 1, 9).lo).toBe(-100);
    expect(() => npsInterval(-1, 0, 0)).toThrow(RangeError);
    expect(() => npsInterval(0.5, 0, 0)).toThrow(RangeError);
  });
});

describe('quantile', () => {
  it('agrees with NumPy, whatever the order of the values', () => {
    for (const { values, p, quantile } of quantileGolden.rows) {
      const before = [...values];
      expectNear(quantileR7(values, p) ?? Number.NaN, quantile, 1e-12, 1e-12);
      expect(values).toEqual(before);
    }
  });

  it('sorts numbers as numbers, has no value without data, and refuses nonsense', () => {
    expect(quantileR7([10, 9, 100], 0.5)).toBe(10);
    expect(quantileR7([], 0.5)).toBeNull();
    expect(() => quantileR7([1], 1.5)).toThrow(RangeError);
    expect(() => quantileR7([Number.NaN], 0.5)).toThrow(RangeError);
  });
});
