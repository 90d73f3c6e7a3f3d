import {
  type ComparisonOptions,
  cohortAtTau,
  contrastOfShares,
  judge,
  type ShareContrast,
  type Verdict,
  type VerdictReason,
} from './comparison.ts';
import { contrastOfRestrictedMeans, type TimeContrast } from './restricted-mean.ts';
import { type RiskTable, riskColumns } from './risk-table.ts';

/** Four independent cohorts: the segments with the improvement and those without, before and after its date. */
export interface TreatedAndControl {
  readonly treatedBefore: RiskTable;
  readonly treatedAfter: RiskTable;
  readonly controlBefore: RiskTable;
  readonly controlAfter: RiskTable;
}

export interface DifferenceInDifferences {
  readonly tauSeconds: number;
  /** Seconds by which the treated changed more than the controls; negative when the improvement shortened the way. */
  readonly restrictedMean: TimeContrast;
  /** The same for the share that advanced within tau; positive when the improvement raised it. */
  readonly advancedShare: ShareContrast;
  readonly verdict: Verdict;
  readonly reason: VerdictReason;
}

/**
 * (treated after − treated before) − (control after − control before) of four cohorts, so that what changed
 * for everybody isn't credited to the improvement (Ashenfelter & Card, 1985). It is the effect if the treated would
 * otherwise have changed as the controls did, in seconds and in share points. Rules of the verdict as in `shortening`.
 */
export function differenceInDifferences(
  { treatedBefore, treatedAfter, controlBefore, controlAfter }: TreatedAndControl,
  options: ComparisonOptions,
): DifferenceInDifferences {
  const { tauSeconds, level = 0.95 } = options;
  const plus = [treatedAfter, controlBefore].map((table) => cohortAtTau(riskColumns(table), options));
  const minus = [treatedBefore, controlAfter].map((table) => cohortAtTau(riskColumns(table), options));
  const restrictedMean = contrastOfRestrictedMeans(
    plus.map((cohort) => cohort.restrictedMean),
    minus.map((cohort) => cohort.restrictedMean),
    level,
  );
  const advancedShare = contrastOfShares(
    plus.map((cohort) => cohort.advancedShare),
    minus.map((cohort) => cohort.advancedShare),
  );
  return { tauSeconds, restrictedMean, advancedShare, ...judge([...plus, ...minus], restrictedMean, options) };
}
