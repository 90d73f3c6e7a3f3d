import type { Interval } from '../proportion.ts';
import { buildCurve, type CurvePoint } from './curve.ts';
import { type FollowUp, followUpOf } from './follow-up.ts';
import { assertTau, type RestrictedMean, restrictedMeanOf, type TimeContrast } from './restricted-mean.ts';
import type { RiskColumns } from './risk-table.ts';

export type Verdict = 'shorter' | 'longer' | 'no evidence' | 'too early';

/** Why the verdict is what it is; the first three concern a cohort, the last two the interval of the difference. */
export type VerdictReason =
  | 'few customers'
  | 'short follow-up'
  | 'few advances'
  | 'interval holds 0'
  | 'interval excludes 0';

export interface ComparisonOptions {
  readonly tauSeconds: number;
  readonly level?: number;
  /** Customers that every cohort needs, both in all and as estimated number watched for all of tau; 30. */
  readonly customersMin?: number;
  /** Advances within tau that the cohorts need together; 10. */
  readonly advancesMin?: number;
  /** Share of every cohort whose state at tau must be known; 0, as the estimates allow for open customers. */
  readonly matureShareMin?: number;
}

/** One cohort at the horizon. */
export interface CohortAtTau {
  readonly restrictedMean: RestrictedMean;
  /** Share of the whole cohort that advanced within tau (Aalen–Johansen). */
  readonly advancedShare: CurvePoint;
  readonly followUp: FollowUp;
}

export function cohortAtTau(columns: RiskColumns, { tauSeconds, level = 0.95 }: ComparisonOptions): CohortAtTau {
  assertTau(tauSeconds);
  const advanced = buildCurve(columns, { cause: 'advanced', other: 'competes', shape: 'event', level });
  return {
    restrictedMean: restrictedMeanOf(columns, { tauSeconds, level }),
    advancedShare: advanced.at(tauSeconds),
    followUp: followUpOf(columns, tauSeconds),
  };
}

/** A difference or contrast of shares. */
export interface ShareContrast extends Interval {
  readonly difference: number | null;
}

/**
 * Sum of `plus` minus sum of `minus` of independent shares. The interval joins theirs by square-and-add (Newcombe,
 * 1998; Zou & Donner, 2008), so that it keeps their asymmetry near 0 and 1.
 */
export function contrastOfShares(plus: readonly CurvePoint[], minus: readonly CurvePoint[]): ShareContrast {
  const widest = Math.max(plus.length, minus.length);
  let [difference, below, above] = [0, 0, 0];
  for (const [i, { estimate, lo, hi }] of [...plus, ...minus].entries()) {
    if (estimate === null) return { difference: null, lo: -widest, hi: widest };
    const isPlus = i < plus.length;
    difference += isPlus ? estimate : -estimate;
    below = Math.hypot(below, isPlus ? estimate - lo : hi - estimate);
    above = Math.hypot(above, isPlus ? hi - estimate : estimate - lo);
  }
  return { difference, lo: difference - below, hi: difference + above };
}

/**
 * `shorter` or `longer` only if every cohort is large enough and was watched to tau, there are enough advances, and the
 * interval of the difference in restricted mean time excludes 0.
 */
export function judge(
  cohorts: readonly CohortAtTau[],
  { difference, lo, hi }: TimeContrast,
  { customersMin = 30, advancesMin = 10, matureShareMin = 0 }: ComparisonOptions,
): { verdict: Verdict; reason: VerdictReason } {
  if (cohorts.some(({ followUp: { n } }) => n < customersMin)) return { verdict: 'too early', reason: 'few customers' };
  const isShort = ({ n, watchedShare, matureShare }: FollowUp) =>
    n * watchedShare < customersMin - 1e-6 || matureShare < matureShareMin;
  if (difference === null || cohorts.some((cohort) => isShort(cohort.followUp))) {
    return { verdict: 'too early', reason: 'short follow-up' };
  }
  const advances = cohorts.reduce((sum, { restrictedMean }) => sum + restrictedMean.advanced, 0);
  if (advances < advancesMin) return { verdict: 'no evidence', reason: 'few advances' };
  if (hi < 0) return { verdict: 'shorter', reason: 'interval excludes 0' };
  if (lo > 0) return { verdict: 'longer', reason: 'interval excludes 0' };
  return { verdict: 'no evidence', reason: 'interval holds 0' };
}
