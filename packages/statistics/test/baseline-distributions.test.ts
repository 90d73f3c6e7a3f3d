import {
  betaBinomialCdf,
  betaBinomialUpperTail,
  jointExceedance,
  logBetaBinomialMass,
  negativeBinomialCdf,
  normalSurvival,
} from '@michinori/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import betaBinomialGolden from './beta-binomial.golden.json' with { type: 'json' };
import jointGolden from './joint-exceedance.golden.json' with { type: 'json' };
import { expectNear } from './near.ts';
import negativeBinomialGolden from './negative-binomial.golden.json' with { type: 'json' };

describe('beta-binomial distribution', () => {
  it('agrees with SciPy, and with sums of 60 digits in both tails up to n of a million', () => {
    expect(betaBinomialGolden.rows.length).toBeGreaterThan(15);
    for (const { k, n, a, b, logMass, mass, upper, lower } of betaBinomialGolden.rows) {
      expectNear(Math.exp(logBetaBinomialMass(k, n, a, b)), mass, 1e-10);
      if (logMass !== null) expectNear(logBetaBinomialMass(k, n, a, b), logMass, 1e-9, 1e-9);
      expectNear(betaBinomialUpperTail(k, n, a, b), upper, 1e-9);
      expectNear(betaBinomialCdf(k, n, a, b), lower, 1e-9);
    }
  });

  it('sums to one, with tails that meet', () => {
    const positive = fc.double({ min: 0.01, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), positive, positive, (n, seed, a, b) => {
        const k = seed % (n + 1);
        expect(betaBinomialUpperTail(0, n, a, b)).toBe(1);
        const above = k === n ? 0 : betaBinomialUpperTail(k + 1, n, a, b);
        expectNear(betaBinomialCdf(k, n, a, b) + above, 1, 1e-10);
        const mass = Math.exp(logBetaBinomialMass(k, n, a, b));
        expectNear(betaBinomialUpperTail(k, n, a, b) - above, mass, 1e-8, 1e-12);
      }),
    );
  });

  it('refuses what is no count and no distribution', () => {
    for (const [k, n, a, b] of [
      [-1, 3, 1, 1],
      [4, 3, 1, 1],
      [0.5, 3, 1, 1],
      [1, 3, 0, 1],
      [1, 3, 1, Number.NaN],
      [1, 3, Infinity, 1],
    ] as const) {
      expect(() => betaBinomialUpperTail(k, n, a, b)).toThrow(RangeError);
      expect(() => logBetaBinomialMass(k, n, a, b)).toThrow(RangeError);
    }
  });
});

describe('negative binomial distribution', () => {
  it('agrees with SciPy', () => {
    for (const { x, mean, size, lower } of negativeBinomialGolden.rows) {
      expectNear(negativeBinomialCdf(x, mean, size), lower, 1e-9);
    }
  });

  it('refuses what is no count, no mean and no size', () => {
    for (const [x, mean, size] of [
      [-1, 1, 1],
      [0.5, 1, 1],
      [1, 0, 1],
      [1, 1, 0],
      [1, 1, Infinity],
    ] as const) {
      expect(() => negativeBinomialCdf(x, mean, size)).toThrow(RangeError);
    }
  });
});

describe('two correlated normal variables', () => {
  it('agrees with the integral by SciPy', () => {
    for (const { z, correlation, joint } of jointGolden.rows) expectNear(jointExceedance(z, correlation), joint, 1e-7);
  });

  it('lies between independence and identity', () => {
    expectNear(jointExceedance(2, 0), normalSurvival(2) ** 2, 1e-14);
    expect(jointExceedance(2, 1)).toBe(normalSurvival(2));
    for (const z of [Infinity, -Infinity, Number.NaN]) expect(() => jointExceedance(z, 0.5)).toThrow(RangeError);
    for (const correlation of [-0.1, 1.1, Number.NaN])
      expect(() => jointExceedance(1, correlation)).toThrow(RangeError);
  });
});
