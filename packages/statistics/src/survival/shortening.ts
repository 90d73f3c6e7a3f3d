import {
  type ComparisonOptions,
  cohortAtTau,
  contrastOfShares,
  judge,
  type ShareContrast,
  type Verdict,
  type VerdictReason,
} from './comparison.ts';
import type { CurvePoint } from './curve.ts';
import type { FollowUp } from './follow-up.ts';
import { logRankOf } from './log-rank.ts';
import { contrastOfRestrictedMeans, type RestrictedMean, type TimeContrast } from './restricted-mean.ts';
import { type RiskTable, riskColumns } from './risk-table.ts';

/** After minus before: `difference`, `lo` and `hi` are seconds of restricted mean time, negative when it got shorter. */
export interface Shortening extends TimeContrast {
  readonly tauSeconds: number;
  readonly rmstBefore: RestrictedMean;
  readonly rmstAfter: RestrictedMean;
  /** Share of the whole cohort that advanced within tau (Aalen–Johansen). */
  readonly advancedShareBefore: CurvePoint;
  readonly advancedShareAfter: CurvePoint;
  readonly advancedShareDifference: ShareContrast;
  readonly followUpBefore: FollowUp;
  readonly followUpAfter: FollowUp;
  /** Log-rank test of the pace of advancing within tau, with losses censored; the verdict doesn't use it. */
  readonly logRankP: number;
  readonly verdict: Verdict;
  readonly reason: VerdictReason;
}

/**
 * Did an improvement shorten the way? Compares two independent cohorts by the mean of min(time to advance, tau), where
 * lost customers never advance, so that neither losing customers nor a short time of watching looks like speed.
 * The answer is for one look; looking every day until something shows needs a stricter level.
 */
export function shortening(before: RiskTable, after: RiskTable, options: ComparisonOptions): Shortening {
  const { tauSeconds, level = 0.95 } = options;
  const columns = [riskColumns(before), riskColumns(after)] as const;
  const cohorts = { before: cohortAtTau(columns[0], options), after: cohortAtTau(columns[1], options) };
  const contrast = contrastOfRestrictedMeans([cohorts.after.restrictedMean], [cohorts.before.restrictedMean], level);
  return {
    ...contrast,
    tauSeconds,
    rmstBefore: cohorts.before.restrictedMean,
    rmstAfter: cohorts.after.restrictedMean,
    advancedShareBefore: cohorts.before.advancedShare,
    advancedShareAfter: cohorts.after.advancedShare,
    advancedShareDifference: contrastOfShares([cohorts.after.advancedShare], [cohorts.before.advancedShare]),
    followUpBefore: cohorts.before.followUp,
    followUpAfter: cohorts.after.followUp,
    logRankP: logRankOf(columns, { untilSeconds: tauSeconds }).pValue,
    ...judge([cohorts.before, cohorts.after], contrast, options),
  };
}
