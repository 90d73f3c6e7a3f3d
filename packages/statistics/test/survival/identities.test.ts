import {
  aalenJohansen,
  contrastOfRestrictedMeans,
  kaplanMeier,
  logRank,
  type RiskRow,
  type RiskTable,
  restrictedMeanTime,
  wilson,
} from '@michinori/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectNear } from './helpers.ts';

const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 200);
const count = (max: number) => fc.integer({ min: 0, max });

function tables(maxCensored: number, maxLost: number): fc.Arbitrary<RiskRow[]> {
  const row = fc.record({
    seconds: fc.integer({ min: 0, max: 40 }),
    advanced: count(4),
    lost: count(maxLost),
    censored: count(maxCensored),
  });
  return fc.uniqueArray(row, { selector: ({ seconds }) => seconds, minLength: 1, maxLength: 25 });
}

function sizeOf(table: RiskTable): number {
  return table.reduce((sum, { advanced, lost, censored }) => sum + advanced + lost + censored, 0);
}

function timesOf(table: RiskTable): { seconds: number; advanced: boolean }[] {
  return table.flatMap(({ seconds, advanced, lost }) => [
    ...Array.from({ length: advanced }, () => ({ seconds, advanced: true })),
    ...Array.from({ length: lost }, () => ({ seconds, advanced: false })),
  ]);
}

function holds(arbitrary: fc.Arbitrary<RiskRow[]>, property: (table: RiskRow[]) => void): void {
  fc.assert(
    fc.property(arbitrary, (table) => {
      fc.pre(sizeOf(table) > 0);
      property(table);
    }),
    { numRuns },
  );
}

describe('identities of the curves', () => {
  it('without censoring the shares and their variances are those of counting', () => {
    holds(tables(0, 4), (table) => {
      const n = sizeOf(table);
      const { advanced } = aalenJohansen(table);
      const all = timesOf(table);
      for (const { seconds, estimate, standardError, lo, hi } of advanced.steps) {
        const share = all.filter((customer) => customer.advanced && customer.seconds <= seconds).length / n;
        expectNear(estimate, share, 1e-12);
        expectNear(standardError, Math.sqrt((share * (1 - share)) / n), 1e-9, 1e-12);
        expect(lo).toBeLessThanOrEqual(estimate);
        expect(hi).toBeGreaterThanOrEqual(estimate);
      }
    });
  });

  it('without censoring the restricted mean and its error are those of the plain sample', () => {
    fc.assert(
      fc.property(tables(0, 4), fc.integer({ min: 1, max: 45 }), (table, tauSeconds) => {
        const spent = timesOf(table).map(({ seconds, advanced }) =>
          advanced ? Math.min(seconds, tauSeconds) : tauSeconds,
        );
        fc.pre(timesOf(table).some(({ seconds, advanced }) => advanced && seconds <= tauSeconds));
        const mean = spent.reduce((sum, time) => sum + time, 0) / spent.length;
        const variance = spent.reduce((sum, time) => sum + (time - mean) ** 2, 0) / spent.length ** 2;
        const actual = restrictedMeanTime(table, { tauSeconds });
        expectNear(actual.seconds, mean, 1e-12);
        expectNear(actual.standardError, Math.sqrt(variance), 1e-8, 1e-7);
      }),
      { numRuns },
    );
  });

  it('without losses Aalen–Johansen is Kaplan–Meier upside down, intervals and quantiles included', () => {
    holds(tables(5, 0), (table) => {
      const { advanced, lost } = aalenJohansen(table);
      const survival = kaplanMeier(table);
      expect(advanced.quantiles).toEqual(survival.quantiles);
      expect(lost.steps).toEqual([]);
      for (const seconds of [0, 3, 17.5, 40, 41]) {
        const [share, staying] = [advanced.at(seconds), survival.at(seconds)];
        expect(share.reached).toBe(staying.reached);
        expect([share.lo, share.hi]).toEqual([1 - staying.hi, 1 - staying.lo].map((x) => expect.closeTo(x, 12)));
        if (share.estimate === null) expect(staying.estimate).toBeNull();
        else expectNear(staying.estimate, 1 - share.estimate, 0, 1e-12);
      }
      const tauSeconds = 9;
      const never = restrictedMeanTime(table, { tauSeconds });
      expect(restrictedMeanTime(table, { tauSeconds, losses: 'censored' })).toEqual(never);
    });
  });

  it('the shares never exceed 1 together, rise, stay inside their interval, and the order of rows is nothing', () => {
    holds(tables(5, 4), (table) => {
      const incidence = aalenJohansen(table);
      const shuffled = aalenJohansen([...table].reverse());
      for (const curve of [incidence.advanced, incidence.lost]) {
        let previous = 0;
        for (const { estimate, lo, hi } of curve.steps) {
          expect(estimate).toBeGreaterThan(previous);
          expect(0 <= lo && lo <= estimate && estimate <= hi && hi <= 1).toBe(true);
          previous = estimate;
        }
      }
      const end = Math.max(...table.filter((row) => sizeOf([row]) > 0).map(({ seconds }) => seconds));
      const [advanced, lost] = [incidence.advanced.at(end).estimate ?? 9, incidence.lost.at(end).estimate ?? 9];
      expect(advanced + lost).toBeLessThanOrEqual(1 + 1e-12);
      expect(shuffled.advanced.steps).toEqual(incidence.advanced.steps);
      expect(shuffled.lost.quantiles).toEqual(incidence.lost.quantiles);
    });
  });

  it('tied outcomes give the same variance as the same outcomes in any order a moment apart', () => {
    holds(tables(5, 4), (table) => {
      const apart = table.flatMap(({ seconds, advanced, lost, censored }) => [
        { seconds, advanced, lost: 0, censored: 0 },
        { seconds: seconds + 1e-9, advanced: 0, lost, censored },
      ]);
      const [tied, untied] = [aalenJohansen(table).advanced, aalenJohansen(apart).advanced];
      for (const [i, step] of tied.steps.entries()) {
        expectNear(untied.steps[i]?.estimate ?? null, step.estimate, 1e-10);
        expectNear(untied.steps[i]?.standardError ?? null, step.standardError, 1e-8, 1e-8);
      }
    });
  });
});

describe('identities of the tests', () => {
  it('log-rank of two groups has opposite scores, and neither order nor the unit of time matters', () => {
    fc.assert(
      fc.property(tables(3, 3), tables(3, 3), (a, b) => {
        const test = logRank([a, b]);
        const [first, second] = test.groups;
        expectNear(
          (first?.observed ?? 0) - (first?.expected ?? 9),
          (second?.expected ?? 0) - (second?.observed ?? 9),
          1e-9,
          1e-9,
        );
        expectNear(logRank([b, a]).chiSquare, test.chiSquare, 1e-9, 1e-12);
        const minutes = [a, b].map((table) => table.map((row) => ({ ...row, seconds: row.seconds * 60 })));
        expect(logRank(minutes)).toEqual(test);
        expect(logRank([a, a]).chiSquare).toBeLessThan(1e-12);
      }),
      { numRuns },
    );
  });

  it('a group without anybody at risk adds no degree of freedom', () => {
    fc.assert(
      fc.property(tables(3, 3), tables(3, 3), (a, b) => {
        const test = logRank([a, b]);
        const more = logRank([a, [], b]);
        expectNear(more.chiSquare, test.chiSquare, 1e-9, 1e-12);
        expect(more.degreesOfFreedom).toBe(test.degreesOfFreedom);
      }),
      { numRuns },
    );
  });

  it('the difference of means turns its sign with the order, and its interval agrees with its p-value', () => {
    fc.assert(
      fc.property(tables(0, 2), tables(0, 2), (a, b) => {
        fc.pre(sizeOf(a) > 0 && sizeOf(b) > 0);
        const [x, y] = [a, b].map((table) => restrictedMeanTime(table, { tauSeconds: 20 }));
        if (x === undefined || y === undefined) throw new Error('two means');
        const [forward, back] = [contrastOfRestrictedMeans([x], [y]), contrastOfRestrictedMeans([y], [x])];
        expectNear(forward.difference, -(back.difference ?? 0), 1e-12, 1e-12);
        expectNear(forward.lo, -back.hi, 1e-12, 1e-12);
        expect(forward.pValue).toBe(back.pValue);
        const excludes0 = forward.lo > 0 || forward.hi < 0;
        if (Math.abs(forward.pValue - 0.05) > 1e-9) expect(excludes0).toBe(forward.pValue < 0.05);
      }),
      { numRuns },
    );
  });

  it('a curve without events has the Wilson interval of nobody among the known', () => {
    const { advanced } = aalenJohansen([{ seconds: 5, advanced: 0, lost: 0, censored: 40 }]);
    expect(advanced.at(5)).toEqual({ estimate: 0, ...wilson(0, 40), atRisk: 40, reached: true });
  });
});
