import {
  aalenJohansen,
  differenceInDifferences,
  followUp,
  logRank,
  type RiskTable,
  restrictedMeanTime,
  shortening,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { expectNear, tableOf } from './helpers.ts';

const tauSeconds = 30;
const slow = tableOf([5, 5, 2, 0], [10, 5, 3, 0], [20, 10, 5, 0], [30, 0, 0, 30]);
const quick = tableOf([1, 5, 2, 0], [3, 15, 3, 0], [8, 15, 5, 0], [30, 0, 0, 15]);

function verdictOf(before: RiskTable, after: RiskTable, options = {}) {
  const { verdict, reason } = shortening(before, after, { tauSeconds, ...options });
  return [verdict, reason];
}

describe('shortening', () => {
  it('is after minus before, put together from its parts', () => {
    const result = shortening(slow, quick, { tauSeconds });
    const [before, after] = [restrictedMeanTime(slow, { tauSeconds }), restrictedMeanTime(quick, { tauSeconds })];
    expect(result.rmstBefore).toEqual(before);
    expect(result.rmstAfter).toEqual(after);
    expectNear(result.difference, (after.seconds ?? 0) - (before.seconds ?? 0), 1e-12);
    const error = Math.hypot(before.standardError ?? 0, after.standardError ?? 0);
    expectNear(result.standardError, error, 1e-12);
    expectNear(result.lo, (result.difference ?? 0) - 1.959963984540054 * error, 1e-12);
    expectNear(result.hi, (result.difference ?? 0) + 1.959963984540054 * error, 1e-12);
    expect(result.advancedShareBefore).toEqual(aalenJohansen(slow).advanced.at(tauSeconds));
    expect(result.advancedShareAfter).toEqual(aalenJohansen(quick).advanced.at(tauSeconds));
    expectNear(result.advancedShareDifference.difference, 35 / 60 - 20 / 60, 1e-12);
    expect(result.followUpAfter).toEqual(followUp(quick, tauSeconds));
    expect(result.logRankP).toBe(logRank([slow, quick], { untilSeconds: tauSeconds }).pValue);
    expect([result.verdict, result.reason]).toEqual(['shorter', 'interval excludes 0']);
  });

  it('joins the intervals of the shares by square-and-add, after minus before', () => {
    const {
      advancedShareBefore: b,
      advancedShareAfter: a,
      advancedShareDifference,
    } = shortening(slow, quick, { tauSeconds });
    const difference = (a.estimate ?? 0) - (b.estimate ?? 0);
    expectNear(
      advancedShareDifference.lo,
      difference - Math.hypot((a.estimate ?? 0) - a.lo, b.hi - (b.estimate ?? 0)),
      1e-12,
    );
    expectNear(
      advancedShareDifference.hi,
      difference + Math.hypot(a.hi - (a.estimate ?? 0), (b.estimate ?? 0) - b.lo),
      1e-12,
    );
  });

  it('turns round with the cohorts, and sees nothing between equal ones', () => {
    expect(verdictOf(quick, slow)).toEqual(['longer', 'interval excludes 0']);
    expect(verdictOf(slow, slow)).toEqual(['no evidence', 'interval holds 0']);
  });

  it('later times than tau change nothing', () => {
    const [plain, longer] = [
      shortening(slow, quick, { tauSeconds }),
      shortening(
        tableOf([5, 5, 2, 0], [10, 5, 3, 0], [20, 10, 5, 0], [40, 20, 4, 0], [50, 0, 0, 6]),
        tableOf([1, 5, 2, 0], [3, 15, 3, 0], [8, 15, 5, 0], [45, 9, 0, 6]),
        { tauSeconds },
      ),
    ];
    expect(longer).toEqual(plain);
  });

  it('sees nothing between cohorts of which everybody advances at the same time', () => {
    const certain = tableOf([5, 40, 0, 0]);
    expect(verdictOf(certain, certain)).toEqual(['no evidence', 'interval holds 0']);
    expect(verdictOf(certain, tableOf([4, 40, 0, 0]))[0]).toBe('shorter');
  });

  it('losing the slow customers is not speed', () => {
    const before = tableOf([2, 20, 0, 0], [25, 60, 0, 0], [30, 0, 0, 20]);
    const after = tableOf([1, 0, 60, 0], [2, 20, 0, 0], [30, 0, 0, 20]);
    const naive = (table: RiskTable) => restrictedMeanTime(table, { tauSeconds, losses: 'censored' }).seconds ?? 0;
    expect(naive(after)).toBeLessThan(naive(before));
    expect(verdictOf(before, after)).toEqual(['longer', 'interval excludes 0']);
  });

  it('is too early with fewer than 30 customers on either side', () => {
    const few = tableOf([1, 20, 0, 0], [30, 0, 0, 9]);
    expect(verdictOf(slow, few)).toEqual(['too early', 'few customers']);
    expect(verdictOf(few, slow)).toEqual(['too early', 'few customers']);
    expect(verdictOf(slow, few, { customersMin: 29 })[0]).toBe('shorter');
    expect(verdictOf(slow, tableOf([1, 20, 0, 0], [30, 0, 0, 10]))[0]).toBe('shorter');
  });

  it('is too early until 30 customers of each side were watched for all of tau, however clear it looks', () => {
    const young = (watched: number) => tableOf([1, 200, 0, 0], [12, 0, 0, 400 - watched], [30, 0, 0, watched]);
    // Of the 400 without outcome 19 (20) were watched on: 600 · 19/400 = 28.5, 600 · 20/400 = 30 of the cohort.
    expect(verdictOf(slow, young(19))).toEqual(['too early', 'short follow-up']);
    expect(verdictOf(slow, young(20))).toEqual(['shorter', 'interval excludes 0']);
    expect(verdictOf(young(19), slow)).toEqual(['too early', 'short follow-up']);
    const unreached = tableOf([1, 500, 0, 0], [29, 0, 0, 500]);
    expect(shortening(slow, unreached, { tauSeconds })).toMatchObject({
      difference: null,
      lo: -30,
      hi: 30,
      pValue: 1,
      verdict: 'too early',
    });
    expect(verdictOf(slow, [])).toEqual(['too early', 'few customers']);
  });

  it('can demand a mature share as well', () => {
    const young = tableOf([1, 200, 0, 0], [12, 0, 0, 300], [30, 0, 0, 100]);
    expect(verdictOf(slow, young, { matureShareMin: 0.5 })[0]).toBe('shorter');
    expect(verdictOf(slow, young, { matureShareMin: 0.51 })).toEqual(['too early', 'short follow-up']);
  });

  it('claims nothing from a handful of advances', () => {
    const nobody = tableOf([30, 0, 0, 200]);
    expect(verdictOf(nobody, tableOf([1, 9, 0, 0], [30, 0, 0, 40]))).toEqual(['no evidence', 'few advances']);
    expect(verdictOf(nobody, tableOf([1, 10, 0, 0], [30, 0, 0, 40]))).toEqual(['shorter', 'interval excludes 0']);
    expect(verdictOf(nobody, nobody)).toEqual(['no evidence', 'few advances']);
  });

  it('follows its interval, not the level of another', () => {
    const slightly = tableOf([4, 6, 2, 0], [8, 7, 3, 0], [16, 12, 5, 0], [30, 0, 0, 25]);
    const wide = shortening(slow, slightly, { tauSeconds });
    expect([wide.verdict, wide.hi > 0]).toEqual(['no evidence', true]);
    const narrow = shortening(slow, slightly, { tauSeconds, level: 0.5 });
    expect([narrow.verdict, narrow.hi < 0]).toEqual(['shorter', true]);
  });
});

describe('difference-in-differences', () => {
  it('takes away what changed for everybody', () => {
    const cohorts = { treatedBefore: slow, treatedAfter: quick, controlBefore: slow, controlAfter: quick };
    const same = differenceInDifferences(cohorts, { tauSeconds });
    expectNear(same.restrictedMean.difference, 0, 0, 1e-12);
    expectNear(same.advancedShare.difference, 0, 0, 1e-12);
    expect([same.verdict, same.reason]).toEqual(['no evidence', 'interval holds 0']);
  });

  it('is the change of the treated minus the change of the controls, with the errors of all four', () => {
    const cohorts = { treatedBefore: slow, treatedAfter: quick, controlBefore: slow, controlAfter: slow };
    const result = differenceInDifferences(cohorts, { tauSeconds });
    const plain = shortening(slow, quick, { tauSeconds });
    expectNear(result.restrictedMean.difference, plain.difference ?? Number.NaN, 1e-12);
    const [b, a] = [plain.rmstBefore.standardError ?? 0, plain.rmstAfter.standardError ?? 0];
    expectNear(result.restrictedMean.standardError, Math.hypot(a, b, b, b), 1e-12);
    expectNear(result.advancedShare.difference, plain.advancedShareDifference.difference ?? Number.NaN, 1e-12);
    expect(result.advancedShare.hi - result.advancedShare.lo).toBeGreaterThan(
      plain.advancedShareDifference.hi - plain.advancedShareDifference.lo,
    );
    expect(result.verdict).toBe('shorter');
    const worse = differenceInDifferences({ ...cohorts, treatedAfter: slow, controlAfter: quick }, { tauSeconds });
    expectNear(worse.restrictedMean.difference, -(plain.difference ?? Number.NaN), 1e-12);
    expectNear(worse.advancedShare.difference, -(plain.advancedShareDifference.difference ?? Number.NaN), 1e-12);
    expect(worse.verdict).toBe('longer');
  });

  it('waits for the youngest of the four', () => {
    const cohorts = { treatedBefore: slow, treatedAfter: quick, controlBefore: slow, controlAfter: slow };
    const young = tableOf([1, 50, 0, 0], [20, 0, 0, 50]);
    for (const key of ['treatedBefore', 'treatedAfter', 'controlBefore', 'controlAfter'] as const) {
      const result = differenceInDifferences({ ...cohorts, [key]: young }, { tauSeconds });
      expect(result).toMatchObject({ verdict: 'too early', reason: 'short follow-up' });
      expect(result.restrictedMean).toMatchObject({ difference: null, lo: -60, hi: 60 });
      expect(result.advancedShare).toEqual({ difference: null, lo: -2, hi: 2 });
    }
  });
});
