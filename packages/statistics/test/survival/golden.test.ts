import { aalenJohansen, chiSquareSurvival, kaplanMeier, logRank, restrictedMeanTime } from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import aalenJohansenGolden from './aalen-johansen.golden.json' with { type: 'json' };
import chiSquareGolden from './chi-square.golden.json' with { type: 'json' };
import { expectNear, goldenTable } from './helpers.ts';
import kaplanMeierGolden from './kaplan-meier.golden.json' with { type: 'json' };
import logRankGolden from './log-rank.golden.json' with { type: 'json' };
import restrictedMeanGolden from './restricted-mean.golden.json' with { type: 'json' };

function leukemia(arm: string) {
  const row = kaplanMeierGolden.rows.find(({ name }) => name === arm);
  return goldenTable(row?.durations ?? []);
}

describe('Kaplan–Meier', () => {
  it('is the published curve of the 6-MP patients (Freireich et al., 1963; Kalbfleisch & Prentice, 1980)', () => {
    const curve = kaplanMeier(leukemia('6-MP'));
    expect(curve.n).toBe(21);
    expect(curve.events).toBe(9);
    expect(curve.steps.map(({ seconds, atRisk, events }) => [seconds, atRisk, events])).toEqual([
      [6, 21, 3],
      [7, 17, 1],
      [10, 15, 1],
      [13, 12, 1],
      [16, 11, 1],
      [22, 7, 1],
      [23, 6, 1],
    ]);
    expect(curve.steps.map(({ estimate }) => Math.round(1000 * estimate))).toEqual([857, 807, 753, 690, 627, 538, 448]);
    expect(curve.steps.map(({ standardError }) => Math.round(1e4 * standardError))).toEqual([
      764, 869, 963, 1068, 1141, 1282, 1346,
    ]);
    expect(curve.quantile(0.5)).toEqual({ p: 0.5, seconds: 23, lo: 13, hi: null });
  });

  it('agrees with lifelines: steps, intervals and quantiles, also with ties and outcomes at 0', () => {
    expect(kaplanMeierGolden.rows.length).toBeGreaterThan(12);
    for (const { durations, event, steps, quantiles } of kaplanMeierGolden.rows) {
      const curve = kaplanMeier(goldenTable(durations), { event: event === 'lost' ? 'lost' : 'advanced' });
      expect(curve.steps).toHaveLength(steps.length);
      for (const [i, step] of steps.entries()) {
        const actual = curve.steps[i];
        expect([actual?.seconds, actual?.atRisk, actual?.events]).toEqual([step.seconds, step.atRisk, step.events]);
        expectNear(actual?.estimate ?? null, step.estimate, 1e-11);
        expectNear(actual?.standardError ?? null, step.standardError, 1e-9, 1e-12);
        if (step.lo === null || step.hi === null) continue;
        expectNear(actual?.lo ?? null, step.lo, 1e-9);
        expectNear(actual?.hi ?? null, step.hi, 1e-9);
      }
      for (const { p, seconds, lo, hi, settledBounds } of quantiles) {
        const actual = curve.quantiles.find((quantile) => quantile.p === p);
        expect(actual?.seconds).toBe(seconds);
        if (!settledBounds) expect([actual?.lo, actual?.hi]).toEqual([lo, hi]);
      }
    }
  });
});

describe('Aalen–Johansen', () => {
  it('agrees with lifelines and with the sums of Marubini & Valsecchi, also with ties', () => {
    expect(aalenJohansenGolden.rows.filter(({ lifelines }) => lifelines).length).toBeGreaterThan(3);
    expect(aalenJohansenGolden.rows.filter(({ lifelines }) => !lifelines).length).toBeGreaterThan(3);
    for (const { durations, cause, steps } of aalenJohansenGolden.rows) {
      const incidence = aalenJohansen(goldenTable(durations));
      const curve = cause === 'lost' ? incidence.lost : incidence.advanced;
      expect(curve.steps).toHaveLength(steps.length);
      for (const [i, step] of steps.entries()) {
        const actual = curve.steps[i];
        expect([actual?.seconds, actual?.atRisk, actual?.events]).toEqual([step.seconds, step.atRisk, step.events]);
        expectNear(actual?.estimate ?? null, step.estimate, 1e-11);
        expectNear(actual?.standardError ?? null, step.standardError, 1e-9);
        expectNear(actual?.lo ?? null, step.lo, 1e-9);
        expectNear(actual?.hi ?? null, step.hi, 1e-9);
      }
    }
  });
});

describe('restricted mean time', () => {
  it('agrees with plain sums in both readings, standard errors included', () => {
    expect(restrictedMeanGolden.rows.length).toBeGreaterThan(20);
    for (const { durations, tau, ...expected } of restrictedMeanGolden.rows) {
      const table = goldenTable(durations);
      const never = restrictedMeanTime(table, { tauSeconds: tau });
      expectNear(never.seconds, expected.neverAdvance, 1e-11);
      expectNear(never.standardError, expected.neverAdvanceError, 1e-9);
      const censored = restrictedMeanTime(table, { tauSeconds: tau, losses: 'censored' });
      expectNear(censored.seconds, expected.censored, 1e-11);
      expectNear(censored.standardError, expected.censoredError, 1e-9);
    }
  });
});

describe('log-rank test', () => {
  it('is 16.79 for 6-MP against placebo, with the published expected numbers', () => {
    const test = logRank([leukemia('6-MP'), leukemia('placebo')]);
    expect(test.chiSquare.toFixed(2)).toBe('16.79');
    expect(test.degreesOfFreedom).toBe(1);
    expect(test.groups.map(({ n, observed, expected }) => [n, observed, expected.toFixed(2)])).toEqual([
      [21, 9, '19.25'],
      [21, 21, '10.75'],
    ]);
  });

  it('agrees with lifelines for two to four groups with ties', () => {
    for (const { groups, chiSquare, degreesOfFreedom, pValue } of logRankGolden.rows) {
      const test = logRank(groups.map(goldenTable));
      expectNear(test.chiSquare, chiSquare, 1e-9);
      expect(test.degreesOfFreedom).toBe(degreesOfFreedom);
      expectNear(test.pValue, pValue, 1e-9);
    }
  });
});

describe('chi-square tail', () => {
  it('agrees with SciPy, far into the tail', () => {
    expect(chiSquareGolden.rows.length).toBeGreaterThan(50);
    for (const { x, df, survival } of chiSquareGolden.rows) expectNear(chiSquareSurvival(x, df), survival, 1e-10);
  });

  it('is 1 at 0 and 0 at infinity, and refuses nonsense', () => {
    expect([chiSquareSurvival(0, 3), chiSquareSurvival(Infinity, 3)]).toEqual([1, 0]);
    for (const [x, df] of [
      [-1, 1],
      [Number.NaN, 1],
      [1, 0],
      [1, 1.5],
    ] as const) {
      expect(() => chiSquareSurvival(x, df)).toThrow(RangeError);
    }
  });
});
