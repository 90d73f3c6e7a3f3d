import {
  aalenJohansen,
  differenceInDifferences,
  kaplanMeier,
  logRank,
  type RiskTable,
  restrictedMeanTime,
  shortening,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { cohortOf, seededRandom, trueRestrictedMean, trueShare, type World } from './simulation-worlds.ts';

const RUNS_FULL = 2000;
const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 400);

/** Room around a share that `runs` simulations leave to chance: at 2 000 or more the given one, wider with fewer. */
function room(atFull: number): number {
  return atFull * Math.max(1, Math.sqrt(RUNS_FULL / runs));
}

function shareOfRuns(happens: () => boolean): number {
  let count = 0;
  for (let i = 0; i < runs; i++) if (happens()) count++;
  return count / runs;
}

interface Bounds {
  readonly lo: number;
  readonly hi: number;
}

function expectCoverage(name: string, interval: () => Bounds, truth: number): void {
  const misses = { below: 0, above: 0 };
  for (let i = 0; i < runs; i++) {
    const { lo, hi } = interval();
    if (hi < truth) misses.below++;
    else if (!(lo <= truth)) misses.above++;
  }
  const coverage = 1 - (misses.below + misses.above) / runs;
  report(name, coverage);
  expect(Math.abs(coverage - 0.95), `${name} covers ${coverage}`).toBeLessThanOrEqual(room(0.02));
  expect(Math.max(misses.below, misses.above) / runs, `${name} errs to one side`).toBeLessThanOrEqual(room(0.05));
}

function expectLevel(name: string, rejects: () => boolean): void {
  const level = shareOfRuns(rejects);
  report(name, level);
  expect(Math.abs(level - 0.05), `${name} rejects ${level}`).toBeLessThanOrEqual(room(0.01));
}

function report(name: string, share: number): void {
  if (process.env.MICHINORI_TEST_REPORT !== undefined) process.stdout.write(`${(100 * share).toFixed(2)} %  ${name}\n`);
}

const tau = 30;
// Entered evenly over 60 days until today: half of the customers could not be watched for all of tau.
const heavy: World = { advanceRate: 0.03, lossRate: 0.02, watchedMin: 0, watchedMax: 60 };
// Nearly three in four of the customers could not.
const heavier: World = { ...heavy, watchedMax: 42 };
const slow: World = { advanceRate: 0.012, lossRate: 0.03, watchedMin: 0, watchedMax: 60 };
const fast: World = { advanceRate: 0.09, lossRate: 0.01, watchedMin: 5, watchedMax: 50 };

describe('intervals cover 93–97 % of 2 000 simulated truths under heavy censoring', () => {
  it.each([
    ['half censored', heavy, 150, 11],
    ['three in four censored', heavier, 250, 12],
    ['few advance', slow, 200, 13],
    ['whole days', { ...heavy, grain: 1 }, 150, 14],
  ] as const)('Aalen–Johansen and Kaplan–Meier at the horizon: %s', (name, world, n, seed) => {
    const random = seededRandom(seed);
    // With whole days a time of 30 means [29.5, 30.5).
    const horizon = world === heavy || !('grain' in world) ? tau : tau + 0.5;
    const table = () => cohortOf(n, world, random);
    expectCoverage(`AJ advanced, ${name}`, () => aalenJohansen(table()).advanced.at(tau), trueShare(world, horizon));
    const swapped = { ...world, advanceRate: world.lossRate, lossRate: world.advanceRate };
    expectCoverage(`AJ lost, ${name}`, () => aalenJohansen(table()).lost.at(tau), trueShare(swapped, horizon));
    const survival = Math.exp(-world.advanceRate * horizon);
    expectCoverage(`KM, ${name}`, () => kaplanMeier(table()).at(tau), survival);
  });

  it('quantiles of both curves', () => {
    const random = seededRandom(21);
    const total = heavy.advanceRate + heavy.lossRate;
    const aj = -Math.log(1 - (0.25 * total) / heavy.advanceRate) / total;
    const bounded = ({ lo, hi }: { lo: number | null; hi: number | null }) => ({
      lo: lo ?? Infinity,
      hi: hi ?? Infinity,
    });
    const table = () => cohortOf(150, heavy, random);
    expectCoverage('AJ p25', () => bounded(aalenJohansen(table()).advanced.quantile(0.25)), aj);
    expectCoverage('KM p50', () => bounded(kaplanMeier(table()).quantile(0.5)), Math.log(2) / heavy.advanceRate);
  });

  it('restricted means, their difference and the difference of shares', () => {
    const random = seededRandom(31);
    const mean = (world: World) => () => restrictedMeanTime(cohortOf(150, world, random), { tauSeconds: tau });
    expectCoverage('RMST', mean(heavy), trueRestrictedMean(heavy, tau));
    expectCoverage('RMST, few advance', mean(slow), trueRestrictedMean(slow, tau));
    const none = { ...heavy, lossRate: 0 };
    const censored = () => restrictedMeanTime(cohortOf(150, heavy, random), { tauSeconds: tau, losses: 'censored' });
    expectCoverage('RMST, losses censored', censored, trueRestrictedMean(none, tau));
    const compare = () => shortening(cohortOf(200, slow, random), cohortOf(120, fast, random), { tauSeconds: tau });
    const means = trueRestrictedMean(fast, tau) - trueRestrictedMean(slow, tau);
    expectCoverage('RMST difference', compare, means);
    const shares = trueShare(fast, tau) - trueShare(slow, tau);
    expectCoverage('difference of shares', () => compare().advancedShareDifference, shares);
  });

  it('difference-in-differences of restricted means and of shares', () => {
    const random = seededRandom(41);
    const answer = () =>
      differenceInDifferences(
        {
          treatedBefore: cohortOf(150, slow, random),
          treatedAfter: cohortOf(100, fast, random),
          controlBefore: cohortOf(200, heavy, random),
          controlAfter: cohortOf(120, { ...heavier, advanceRate: 0.04 }, random),
        },
        { tauSeconds: tau },
      );
    const contrast = (truth: (world: World) => number) =>
      truth(fast) - truth(slow) - (truth({ ...heavier, advanceRate: 0.04 }) - truth(heavy));
    expectCoverage(
      'DiD of RMST',
      () => answer().restrictedMean,
      contrast((world) => trueRestrictedMean(world, tau)),
    );
    expectCoverage(
      'DiD of shares',
      () => answer().advancedShare,
      contrast((world) => trueShare(world, tau)),
    );
  });
});

describe('worlds without effect', () => {
  it.each([
    ['equal groups', heavy, heavy, [100, 100], 51],
    ['unequal groups and censoring', heavy, { ...heavy, watchedMax: 20 }, [60, 300], 52],
    ['heavy censoring', heavier, { ...heavier, watchedMax: 15 }, [150, 150], 53],
    ['whole days', { ...fast, grain: 1 }, { ...fast, grain: 1 }, [80, 160], 54],
    ['other losses', heavy, { ...heavy, lossRate: 0.06 }, [150, 200], 55],
  ] as const)('%s: log-rank rejects 4–6 in 100', (name, first, second, [n1, n2], seed) => {
    const random = seededRandom(seed);
    const tables = (): RiskTable[] => [cohortOf(n1, first, random), cohortOf(n2, second, random)];
    expectLevel(`log-rank, ${name}`, () => logRank(tables()).pValue < 0.05);
  });

  it('four groups: log-rank rejects 4–6 in 100', () => {
    const random = seededRandom(56);
    const tables = () => [50, 80, 120, 60].map((n) => cohortOf(n, heavy, random));
    expectLevel('log-rank, four groups', () => logRank(tables()).pValue < 0.05);
  });

  it('a verdict of shorter or longer is false in at most 5 %, also for a young cohort', () => {
    const random = seededRandom(61);
    const young: World = { ...heavy, watchedMax: 36 };
    const claims = (verdict: string) => verdict === 'shorter' || verdict === 'longer';
    const level = shareOfRuns(() => {
      const { verdict } = shortening(cohortOf(200, heavy, random), cohortOf(200, young, random), { tauSeconds: tau });
      return claims(verdict);
    });
    report('false verdict, young cohort', level);
    expect(level).toBeLessThanOrEqual(0.05 + room(0.01));
    expect(level).toBeGreaterThan(0.05 - room(0.045));
  });

  it('naive means of the completed would claim it nearly always', () => {
    const random = seededRandom(62);
    const naiveMean = (table: RiskTable) =>
      table.reduce((sum, row) => sum + row.seconds * row.advanced, 0) /
      table.reduce((sum, row) => sum + row.advanced, 0);
    const fooled = shareOfRuns(() => {
      const young = cohortOf(200, { ...heavy, watchedMax: 20 }, random);
      return naiveMean(young) < 0.7 * naiveMean(cohortOf(200, heavy, random));
    });
    expect(fooled).toBeGreaterThan(0.9);
  });
});

describe('worlds with an effect', () => {
  it('are found, and losing more customers never looks like speed', () => {
    const random = seededRandom(71);
    const faster: World = { ...heavy, advanceRate: 0.06 };
    const found = shareOfRuns(
      () =>
        shortening(cohortOf(200, heavy, random), cohortOf(200, faster, random), { tauSeconds: tau }).verdict ===
        'shorter',
    );
    report('power at twice the pace', found);
    expect(found).toBeGreaterThan(0.9 - room(0.02));
    const lossy: World = { ...heavy, lossRate: 0.1 };
    const verdicts = new Map<string, number>();
    for (let i = 0; i < Math.min(runs, 400); i++) {
      const { verdict } = shortening(cohortOf(200, heavy, random), cohortOf(200, lossy, random), { tauSeconds: tau });
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }
    expect(verdicts.get('shorter') ?? 0).toBe(0);
    expect((verdicts.get('longer') ?? 0) / Math.min(runs, 400)).toBeGreaterThan(0.5);
  });
});
