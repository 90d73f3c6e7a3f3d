import {
  brierScore,
  calibrationTable,
  discrimination,
  type Forecast,
  leadTimes,
  logisticRegression,
  spiegelhalter,
  wilson,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../near.ts';
import discriminationGolden from './discrimination.golden.json' with { type: 'json' };
import forecastsGolden from './forecasts.golden.json' with { type: 'json' };
import logisticGolden from './logistic.golden.json' with { type: 'json' };
import ranksGolden from './median-ranks.golden.json' with { type: 'json' };

const forecastsOf = (pairs: readonly (readonly number[])[]): Forecast[] =>
  pairs.map(([probability = 0, happened]) => ({ probability, happened: happened === 1 }));

describe('discrimination', () => {
  it('agrees with the golden vectors, ties and all', () => {
    for (const { positives, negatives, ...row } of discriminationGolden.rows) {
      const result = discrimination(positives, negatives);
      expectNear(result.auc, row.auc, 1e-13);
      expectNear(result.standardError, row.standardError, 1e-10, 1e-15);
      if (row.lo !== undefined) expectNear(result.lo, row.lo, 1e-10);
      if (row.hi !== undefined) expectNear(result.hi, row.hi, 1e-10);
      expect([result.positives, result.negatives]).toEqual([positives.length, negatives.length]);
    }
  });

  it('turns around with the values, and does not depend on their scale or order', () => {
    for (const { positives, negatives } of discriminationGolden.rows) {
      const { auc, standardError, lo, hi } = discrimination(positives, negatives);
      const turned = discrimination(negatives, positives);
      expectNear(turned.auc, 1 - (auc ?? 0), 1e-12, 1e-12);
      expectNear(turned.standardError, standardError ?? 0, 1e-10, 1e-12);
      expectNear(turned.lo, 1 - hi, 1e-10, 1e-12);
      const scaled = (values: readonly number[]) => values.map((value) => 3 * value ** 3).reverse();
      expectNear(discrimination(scaled(positives), scaled(negatives)).lo, lo, 1e-10);
    }
  });

  it('says what little it knows of little', () => {
    const nothing = { standardError: null, lo: 0, hi: 1 };
    expect(discrimination([], [1, 2])).toMatchObject({ auc: null, ...nothing });
    expect(discrimination([1], [])).toMatchObject({ auc: null, ...nothing });
    expect(discrimination([3], [1, 3])).toMatchObject({ auc: 0.75, ...nothing });
    expect(discrimination([5, 6, 7], [1, 2, 3, 4])).toMatchObject({ auc: 1, lo: wilson(3, 3).lo, hi: 1 });
    expect(discrimination([1, 2, 3, 4], [5, 6])).toMatchObject({ auc: 0, lo: 0, hi: wilson(0, 2).hi });
    expect(discrimination([1, 1, 1], [1, 1])).toMatchObject({ auc: 0.5, standardError: 0, lo: 0.5, hi: 0.5 });
    expect(() => discrimination([Number.NaN], [1])).toThrow(RangeError);
  });
});

describe('forecasts', () => {
  it('are scored as in the golden vectors, and the parts add up', () => {
    for (const row of forecastsGolden.rows) {
      const forecasts = forecastsOf(row.forecasts);
      for (const bins of [1, 2, 10, 1000]) {
        const result = brierScore(forecasts, bins);
        if (result === null) throw new Error('no score');
        expectNear(result.score, row.score, 1e-12);
        expectNear(result.baseRate, row.baseRate, 1e-12);
        expectNear(result.uncertainty, row.uncertainty, 1e-12, 1e-15);
        expectNear(result.reliability - result.resolution + result.uncertainty, row.score, 1e-10, 1e-12);
        if (bins < 1000) continue;
        expectNear(result.reliability, row.byDistinct.reliability, 1e-10, 1e-13);
        expectNear(result.resolution, row.byDistinct.between, 1e-10, 1e-13);
      }
      const test = spiegelhalter(forecasts);
      expectNear(test.z, row.z, 1e-9);
      expectNear(test.pValue, row.pValue, 1e-9);
    }
  });

  it('are cut into bins of about equal numbers, equal ones together', () => {
    const forecasts = forecastsOf(Array.from({ length: 103 }, (_, i) => [i / 103, i % 2]));
    const table = calibrationTable(forecasts, 10);
    expect(table.map(({ n }) => n)).toEqual([10, 11, 10, 10, 11, 10, 10, 10, 11, 10]);
    expect(table.reduce((sum, { k }) => sum + k, 0)).toBe(51);
    for (const { from, to, forecast, rate, k, n, lo, hi } of table) {
      expect(from <= forecast && forecast <= to).toBe(true);
      expect({ rate, lo, hi }).toEqual({ rate: k / n, ...wilson(k, n) });
    }
    const ties = forecastsOf([...Array.from({ length: 50 }, () => [0.1, 0]), [0.2, 1], [0.3, 1]]);
    expect(calibrationTable(ties, 10).map(({ from, to, n }) => [from, to, n])).toEqual([
      [0.1, 0.1, 50],
      [0.2, 0.3, 2],
    ]);
    expect(calibrationTable([], 10)).toEqual([]);
  });

  it('without any doubt in them leave nothing to test, unless they failed', () => {
    expect(spiegelhalter(forecastsOf([]))).toEqual({ z: null, pValue: 1 });
    expect(
      spiegelhalter(
        forecastsOf([
          [0.5, 1],
          [1, 1],
          [0, 0],
        ]),
      ),
    ).toEqual({ z: null, pValue: 1 });
    expect(
      spiegelhalter(
        forecastsOf([
          [0.3, 1],
          [1, 0],
        ]),
      ),
    ).toEqual({ z: null, pValue: 0 });
    expect(brierScore([])).toBeNull();
    expect(brierScore(forecastsOf([[0.2, 0]]))?.skill).toBeNull();
    expect(() => brierScore(forecastsOf([[1.1, 0]]))).toThrow(RangeError);
    expect(() => calibrationTable(forecastsOf([[0.5, 0]]), 0)).toThrow(RangeError);
  });
});

describe('lead times', () => {
  it('have the interval of the order statistics', () => {
    for (const { n, rank } of ranksGolden.rows) {
      const { median } = leadTimes(Array.from({ length: n }, (_, i) => n - i));
      expect(median.seconds).toBe((n + 1) / 2);
      expect([median.lo, median.hi]).toEqual(rank === null ? [null, null] : [rank, n + 1 - rank]);
    }
  });

  it('count the losses that nobody saw coming', () => {
    expect(leadTimes([5, null, 1, null, 3])).toMatchObject({
      losses: 5,
      neverFlagged: { k: 2, n: 5, rate: 0.4, ...wilson(2, 5) },
      median: { seconds: 3, lo: null, hi: null },
      p25: 2,
      p75: 4,
    });
    expect(leadTimes([])).toMatchObject({ neverFlagged: { rate: null, lo: 0, hi: 1 }, median: { seconds: null } });
    expect(() => leadTimes([-1])).toThrow(RangeError);
  });
});

describe('logistic regression', () => {
  const rowsOf = (x: readonly (readonly number[])[], y: readonly number[]) =>
    x.map((values, i) => ({ x: values, k: y[i] ?? 0, n: 1 }));

  it('without penalty is that of statsmodels', () => {
    for (const { x, y, none } of logisticGolden.rows) {
      const fit = logisticRegression(rowsOf(x, y), { penalty: 'none' });
      if (none === null) {
        expect(fit.outcome).toBe('not_converged');
        continue;
      }
      if (fit.outcome !== 'converged') throw new Error(fit.outcome);
      [fit.intercept, ...fit.coefficients].forEach((coefficient, i) => {
        expectNear(coefficient.estimate, none.estimates[i] ?? Number.NaN, 1e-8, 1e-10);
        expectNear(coefficient.standardError, none.errors[i] ?? Number.NaN, 1e-8);
        expectNear(coefficient.pValue, none.pValues[i] ?? Number.NaN, 1e-6);
      });
      expectNear(fit.logLikelihood, none.logLikelihood, 1e-12);
    }
  });

  it("with Firth's penalty is the maximum of the penalised likelihood, also where outcomes are separated", () => {
    for (const { x, y, firth } of logisticGolden.rows) {
      const fit = logisticRegression(rowsOf(x, y));
      if (fit.outcome !== 'converged') throw new Error(fit.outcome);
      [fit.intercept, ...fit.coefficients].forEach((coefficient, i) => {
        expectNear(coefficient.estimate, firth.estimates[i] ?? Number.NaN, 1e-5, 1e-6);
        expectNear(coefficient.standardError, firth.errors[i] ?? Number.NaN, 1e-5);
      });
      expectNear(fit.logLikelihood, firth.logLikelihood, 1e-10);
      expect(fit.logLikelihood).toBeGreaterThanOrEqual(firth.logLikelihood - 1e-12);
    }
  });

  it('of grouped rows is that of single ones', () => {
    const single = [0, 0, 0, 0, 1, 1, 1, 1, 1].map((x, i) => ({
      x: [x],
      k: [0, 0, 0, 1, 0, 1, 1, 1, 1][i] ?? 0,
      n: 1,
    }));
    const grouped = [
      { x: [0], k: 1, n: 4 },
      { x: [1], k: 4, n: 5 },
      { x: [7], k: 0, n: 0 },
    ];
    for (const penalty of ['firth', 'none'] as const) {
      const [a, b] = [logisticRegression(single, { penalty }), logisticRegression(grouped, { penalty })];
      if (a.outcome !== 'converged' || b.outcome !== 'converged') throw new Error('not converged');
      expectNear(b.coefficients[0]?.estimate ?? null, a.coefficients[0]?.estimate ?? 0, 1e-9);
      expectNear(b.coefficients[0]?.standardError ?? null, a.coefficients[0]?.standardError ?? 0, 1e-9);
      if (penalty === 'none') expectNear(b.predict([1]), 0.8, 1e-9);
    }
  });

  it('says what cannot be fitted', () => {
    const row = (x: number[], k: number, n: number) => ({ x, k, n });
    expect(logisticRegression([])).toEqual({ outcome: 'no_data' });
    expect(logisticRegression([row([1], 0, 9), row([0], 0, 9)])).toEqual({ outcome: 'one_outcome' });
    expect(logisticRegression([row([1], 3, 9), row([1], 2, 9)])).toEqual({ outcome: 'singular' });
    expect(logisticRegression([row([1, 2], 3, 9), row([0, 0], 2, 9), row([3, 6], 2, 5)])).toEqual({
      outcome: 'singular',
    });
    const quasi = [row([1], 9, 9), row([0], 4, 9)];
    expect(logisticRegression(quasi, { penalty: 'none' }).outcome).toBe('not_converged');
    expect(logisticRegression(quasi).outcome).toBe('converged');
    expect(logisticRegression(quasi, { iterationsMax: 1 })).toEqual({ outcome: 'not_converged', iterations: 1 });
    expect(() => logisticRegression([row([1], 3, 9), row([1, 2], 2, 9)])).toThrow(RangeError);
    expect(() => logisticRegression([row([Number.NaN], 3, 9)])).toThrow(RangeError);
    expect(() => logisticRegression([row([1], 10, 9)])).toThrow(RangeError);
  });
});
