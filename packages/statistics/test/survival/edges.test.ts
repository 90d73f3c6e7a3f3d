import {
  aalenJohansen,
  contrastOfRestrictedMeans,
  followUp,
  kaplanMeier,
  largestTau,
  logRank,
  type RiskTable,
  restrictedMeanTime,
  riskTable,
  wilson,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { tableOf } from './helpers.ts';

describe('risk table', () => {
  it('groups exact times, ascending, whatever the order', () => {
    const table = riskTable([
      { seconds: 7.000001, outcome: 'open' },
      { seconds: 0, outcome: 'advanced' },
      { seconds: 7, outcome: 'lost' },
      { seconds: 7.000001, outcome: 'advanced' },
      { seconds: 7, outcome: 'lost' },
      { seconds: 100, outcome: 'open' },
      { seconds: 20, outcome: 'open' },
    ]);
    expect(table).toEqual(tableOf([0, 1, 0, 0], [7, 0, 2, 0], [7.000001, 1, 0, 1], [20, 0, 0, 1], [100, 0, 0, 1]));
  });

  it('refuses times and counts that cannot be', () => {
    for (const seconds of [-1, Number.NaN, Infinity]) {
      expect(() => riskTable([{ seconds, outcome: 'open' }])).toThrow(RangeError);
      expect(() => kaplanMeier(tableOf([seconds, 1, 0, 0]))).toThrow(RangeError);
    }
    for (const n of [-1, 0.5, Number.NaN]) {
      expect(() => kaplanMeier(tableOf([1, n, 0, 0]))).toThrow(RangeError);
      expect(() => kaplanMeier(tableOf([1, 0, n, 0]))).toThrow(RangeError);
      expect(() => kaplanMeier(tableOf([1, 0, 0, n]))).toThrow(RangeError);
    }
    expect(() => kaplanMeier(tableOf([1, 1, 0, 0], [2, 1, 0, 0], [1, 0, 0, 1]))).toThrow(/twice/);
  });

  it('rows that hold nobody change nothing, not even the follow-up', () => {
    const table = tableOf([1, 2, 1, 0], [5, 1, 0, 2]);
    const padded = [...table, ...tableOf([0, 0, 0, 0], [3, 0, 0, 0], [9, 0, 0, 0])];
    expect(aalenJohansen(padded).advanced.steps).toEqual(aalenJohansen(table).advanced.steps);
    expect(aalenJohansen(padded).advanced.at(9).reached).toBe(false);
    expect(largestTau(padded)).toBe(5);
  });
});

describe('curves at their ends', () => {
  const table = tableOf([0, 1, 0, 0], [10, 2, 1, 1], [20, 0, 1, 3], [30, 1, 0, 2]);

  it('events come before censorings of the same time, and outcomes at 0 count with everybody at risk', () => {
    const { advanced, lost } = aalenJohansen(table);
    expect(advanced.steps.map(({ seconds, atRisk, events }) => [seconds, atRisk, events])).toEqual([
      [0, 12, 1],
      [10, 11, 2],
      [30, 3, 1],
    ]);
    expect(advanced.at(0).estimate).toBeCloseTo(1 / 12, 15);
    expect(advanced.at(10).estimate).toBeCloseTo(3 / 12, 15);
    expect(lost.at(20).estimate).toBeCloseTo(1 / 12 + (8 / 12) * (1 / 7), 15);
    expect(kaplanMeier(table, { event: 'lost' }).at(20).estimate).toBeCloseTo((10 / 11) * (6 / 7), 15);
  });

  it('counts at risk who has that time or a later one', () => {
    const { advanced } = aalenJohansen(table);
    expect([0, 5, 10, 10.5, 20, 30, 31].map((seconds) => advanced.at(seconds).atRisk)).toEqual([
      12, 11, 11, 7, 7, 3, 0,
    ]);
  });

  it('beyond the last look there is no estimate while somebody was open: only that it cannot fall', () => {
    const { advanced } = aalenJohansen(table);
    expect(advanced.at(30).reached).toBe(true);
    expect(advanced.at(30.001)).toEqual({ estimate: null, lo: advanced.at(30).lo, hi: 1, atRisk: 0, reached: false });
    const { estimate, lo, hi } = kaplanMeier(table).at(31);
    expect([estimate, lo, hi]).toEqual([null, 0, kaplanMeier(table).at(30).hi]);
  });

  it('of a settled cohort the curve stays known for ever', () => {
    const { advanced } = aalenJohansen(tableOf([1, 3, 0, 0], [2, 0, 1, 0]));
    expect(advanced.at(1e9)).toMatchObject({ estimate: 0.75, reached: true, atRisk: 0 });
    // The last loss censors the Kaplan–Meier curve, so that one isn't known.
    expect(kaplanMeier(tableOf([1, 3, 0, 0], [2, 0, 1, 0])).at(1e9).reached).toBe(false);
  });

  it('before the first event the interval is that of nobody among the known: losses count for one curve only', () => {
    const none = tableOf([4, 0, 10, 5], [10, 0, 0, 30]);
    expect(aalenJohansen(none).advanced.at(9)).toMatchObject({ estimate: 0, ...wilson(0, 40) });
    const { estimate, lo, hi } = kaplanMeier(none).at(9);
    expect([estimate, 1 - hi, 1 - lo]).toEqual([1, 0, expect.closeTo(wilson(0, 30).hi, 12)]);
  });

  it('nobody left after the last event is not certainty', () => {
    const all = kaplanMeier(tableOf([5, 40, 0, 0]));
    expect(all.at(5)).toMatchObject({ estimate: 0, lo: 0 });
    expect(all.at(5).hi).toBeCloseTo(wilson(0, 40).hi, 12);
    const last = kaplanMeier(tableOf([5, 20, 0, 19], [6, 1, 0, 0]));
    expect(last.at(6).hi).toBeCloseTo(last.at(5).hi * wilson(0, 1).hi, 12);
  });

  it('quantiles are the first time that reaches p, in spite of rounding, and null where none does', () => {
    // 1 − (9/10)(8/9)(7/8)… is 0.3 but for rounding.
    const tenths = Array.from({ length: 10 }, (_, i) => [i + 1, 1, 0, 0] as const);
    const { advanced } = aalenJohansen(tableOf(...tenths));
    for (let i = 1; i <= 10; i++) expect(advanced.quantile(i / 10).seconds).toBe(i);
    const lossy = aalenJohansen(tableOf([1, 2, 6, 0], [2, 1, 1, 0]));
    expect(lossy.advanced.quantiles.map(({ p, seconds }) => [p, seconds])).toEqual([
      [0.25, 2],
      [0.5, null],
      [0.75, null],
      [0.9, null],
    ]);
    for (const p of [0, -0.1, 1.1, Number.NaN]) expect(() => advanced.quantile(p)).toThrow(RangeError);
  });

  it('an empty cohort has no estimate and no steps', () => {
    const { n, advanced } = aalenJohansen([]);
    expect([n, advanced.steps, advanced.quantile(0.5).seconds]).toEqual([0, [], null]);
    expect(advanced.at(3)).toEqual({ estimate: null, lo: 0, hi: 1, atRisk: 0, reached: false });
    expect(() => advanced.at(-1)).toThrow(RangeError);
  });

  it('a higher level gives a wider interval', () => {
    const [usual, wide] = [0.95, 0.99].map((level) => aalenJohansen(table, { level }).advanced.at(10));
    expect(wide?.lo ?? 1).toBeLessThan(usual?.lo ?? 0);
    expect(wide?.hi ?? 0).toBeGreaterThan(usual?.hi ?? 1);
  });
});

describe('follow-up', () => {
  it('knows outcomes before the horizon and who was watched that long, also exactly', () => {
    const table = tableOf([5, 10, 0, 0], [8, 0, 0, 20], [10, 0, 5, 5]);
    // Of the 30 that were left at 8, a third was watched on.
    expect(followUp(table, 10)).toEqual({
      n: 40,
      atRisk: 10,
      matureShare: 0.5,
      watchedShare: expect.closeTo(1 / 3, 12),
    });
    expect(followUp(table, 8)).toMatchObject({ atRisk: 30, matureShare: 1, watchedShare: 1 });
    expect(followUp(table, 10.5)).toMatchObject({ atRisk: 0, matureShare: 15 / 40, watchedShare: 0 });
    expect(followUp([], 1)).toEqual({ n: 0, atRisk: 0, matureShare: 0, watchedShare: 0 });
  });

  it('outcomes at the time of a censoring come before it', () => {
    expect(followUp(tableOf([5, 6, 2, 1], [9, 0, 0, 1]), 9).watchedShare).toBeCloseTo(1 / 2, 12);
  });

  it('the largest horizon is the last time with enough customers at risk', () => {
    const table = tableOf([5, 10, 0, 0], [8, 0, 0, 20], [10, 0, 0, 5]);
    expect([1, 5, 6, 25, 26, 36].map((atRiskMin) => largestTau(table, atRiskMin))).toEqual([10, 10, 8, 8, 5, 0]);
    expect(largestTau(tableOf([5, 1, 0, 3], [8, 0, 1, 0]))).toBe(Infinity);
    expect(largestTau([])).toBe(0);
  });
});

describe('restricted mean at its ends', () => {
  const tauSeconds = 10;

  it('is null beyond the follow-up, tau if nobody advances, and never a certainty', () => {
    const open: RiskTable = tableOf([9, 3, 0, 5]);
    expect(restrictedMeanTime(open, { tauSeconds })).toEqual({
      tauSeconds,
      n: 8,
      advanced: 3,
      atRisk: 0,
      seconds: null,
      standardError: null,
      lo: 0,
      hi: 10,
    });
    expect(restrictedMeanTime(open, { tauSeconds: 9 })).toMatchObject({ seconds: 9, advanced: 3, atRisk: 8 });
    const none = restrictedMeanTime(tableOf([4, 0, 10, 5], [10, 0, 0, 30]), { tauSeconds });
    expect(none.seconds).toBe(10);
    expect(none.lo).toBeCloseTo(10 * (1 - wilson(0, 40).hi), 12);
    expect(none.hi).toBe(10);
    expect(restrictedMeanTime([], { tauSeconds }).seconds).toBeNull();
  });

  it('a lost customer spends all of tau, unless losses are censored', () => {
    const table = tableOf([2, 4, 4, 0], [10, 0, 0, 2]);
    expect(restrictedMeanTime(table, { tauSeconds }).seconds).toBeCloseTo((4 * 2 + 6 * 10) / 10, 12);
    expect(restrictedMeanTime(table, { tauSeconds, losses: 'censored' }).seconds).toBeCloseTo(2 + 8 * 0.6, 12);
  });

  it('needs one positive horizon', () => {
    const table = tableOf([2, 4, 4, 0]);
    for (const tau of [0, -1, Number.NaN, Infinity]) {
      expect(() => restrictedMeanTime(table, { tauSeconds: tau })).toThrow(RangeError);
    }
    const [a, b] = [restrictedMeanTime(table, { tauSeconds: 5 }), restrictedMeanTime(table, { tauSeconds: 6 })];
    expect(() => contrastOfRestrictedMeans([a], [b])).toThrow(RangeError);
    expect(contrastOfRestrictedMeans([a], [a])).toMatchObject({ difference: 0, pValue: 1 });
    const certain = restrictedMeanTime(tableOf([2, 4, 0, 0]), { tauSeconds: 5 });
    expect(contrastOfRestrictedMeans([certain], [certain])).toMatchObject({
      standardError: 0,
      lo: 0,
      hi: 0,
      pValue: 1,
    });
  });
});

describe('log-rank at its ends', () => {
  it('says nothing when there is nothing to compare', () => {
    const nothing = { chiSquare: 0, degreesOfFreedom: 0, pValue: 1 };
    expect(logRank([tableOf([1, 3, 0, 0]), []])).toMatchObject(nothing);
    expect(logRank([tableOf([1, 0, 3, 0]), tableOf([2, 0, 0, 4])])).toMatchObject(nothing);
    // Everybody advances at once: no table of that margin could look different.
    expect(logRank([tableOf([1, 3, 0, 0]), tableOf([1, 4, 0, 0])])).toMatchObject(nothing);
    expect(() => logRank([tableOf([1, 3, 0, 0])])).toThrow(RangeError);
  });

  it('counts only events up to the limit, and losses when asked', () => {
    const [a, b] = [tableOf([1, 3, 1, 0], [5, 2, 0, 4]), tableOf([1, 1, 2, 0], [5, 6, 0, 1])];
    const early = logRank([a, b], { untilSeconds: 4.9 });
    expect(early.groups.map(({ observed }) => observed)).toEqual([3, 1]);
    expect(logRank([a, b], { untilSeconds: 5 })).toEqual(logRank([a, b]));
    expect(logRank([a, b], { event: 'lost' }).groups.map(({ observed }) => observed)).toEqual([1, 2]);
  });
});
