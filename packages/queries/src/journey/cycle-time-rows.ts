import {
  aalenJohansen,
  type DifferenceInDifferences,
  followUp,
  type RiskTable,
  restrictedMeanTime,
  type Shortening,
} from '@michinori/statistics';
import type { WayTimes } from './cycle-time-tables.ts';

const customersMin = 30;
const matureShareMin = 0.8;
/** Share of the after cohort whose state at the horizon must be known before anything is claimed. */
export const claimMatureShareMin = 0.8;
const curvePointsMax = 200;

export type Period = 'all' | 'before' | 'after';

/** Time between two stages for one period and segment. Seconds, shares 0 … 1. */
export interface CycleTimeRow {
  readonly period: Period;
  readonly segment: string | null;
  readonly n: number;
  readonly advanced: number;
  readonly lost: number;
  readonly open: number;
  readonly matureShare: number | null;
  readonly state: 'insufficient' | 'immature' | 'ok';
  readonly horizonSeconds: number;
  /** When a quarter, half, … of all who set out had arrived (Aalen–Johansen); null where the curve doesn't get there. */
  readonly secondsP25: number | null;
  readonly secondsP50: number | null;
  readonly secondsP50Lo: number | null;
  readonly secondsP50Hi: number | null;
  readonly secondsP75: number | null;
  readonly secondsP90: number | null;
  /** Mean of min(time to arrive, horizon); who is lost never arrives. */
  readonly restrictedMeanSeconds: number | null;
  readonly restrictedMeanLo: number | null;
  readonly restrictedMeanHi: number | null;
  /** Share that had arrived by the horizon. */
  readonly advancedShare: number | null;
  readonly advancedShareLo: number | null;
  readonly advancedShareHi: number | null;
  /** Of those who have arrived so far: biased to the fast while others are still on their way. */
  readonly naiveMeanSeconds: number | null;
  readonly naiveP50Seconds: number | null;
  readonly naiveShare: number | null;
  /** This row against the other period, or with `by` against all other segments together; negative is shorter. */
  readonly differenceSeconds: number | null;
  readonly differenceLo: number | null;
  readonly differenceHi: number | null;
  readonly advancedShareDifference: number | null;
  readonly advancedShareDifferenceLo: number | null;
  readonly advancedShareDifferenceHi: number | null;
  readonly logRankP: number | null;
  readonly verdict: Shortening['verdict'] | null;
  readonly reason: Shortening['reason'] | null;
  /** The same against what changed for the untreated segments (difference in differences). */
  readonly didSeconds: number | null;
  readonly didLo: number | null;
  readonly didHi: number | null;
  readonly didVerdict: Shortening['verdict'] | null;
}

/** A point of a curve: the share that had arrived `seconds` after setting out. */
export interface CycleTimeCurveRow {
  readonly period: Period;
  readonly segment: string | null;
  readonly seconds: number;
  readonly share: number;
  readonly lo: number;
  readonly hi: number;
  readonly atRisk: number;
}

export interface Cohort {
  readonly period: Period;
  /** null without `by`. */
  readonly segment: string | null;
  readonly times: WayTimes;
}

/** One row; `contrast` is null where there is nothing to compare with. Pure. */
export function cycleTimeRow(
  { period, segment, times }: Cohort,
  horizonSeconds: number,
  contrast: Shortening | null,
  did: DifferenceInDifferences | null,
): CycleTimeRow {
  const { table, naive } = times;
  const sum = (pick: (row: RiskTable[number]) => number) => table.reduce((total, row) => total + pick(row), 0);
  const [advanced, lost, open] = [sum((row) => row.advanced), sum((row) => row.lost), sum((row) => row.censored)];
  const n = advanced + lost + open;
  const curve = aalenJohansen(table).advanced;
  const [p25, p50, p75, p90] = curve.quantiles;
  const mean = restrictedMeanTime(table, { tauSeconds: horizonSeconds });
  const share = curve.at(horizonSeconds);
  const { matureShare } = followUp(table, horizonSeconds);
  const within = table.reduce((total, row) => total + (row.seconds <= horizonSeconds ? row.advanced : 0), 0);
  return {
    period,
    segment,
    n,
    advanced,
    lost,
    open,
    matureShare: n === 0 ? null : matureShare,
    state: n < customersMin ? 'insufficient' : matureShare < matureShareMin ? 'immature' : 'ok',
    horizonSeconds,
    secondsP25: p25?.seconds ?? null,
    secondsP50: p50?.seconds ?? null,
    secondsP50Lo: p50?.lo ?? null,
    secondsP50Hi: p50?.hi ?? null,
    secondsP75: p75?.seconds ?? null,
    secondsP90: p90?.seconds ?? null,
    restrictedMeanSeconds: mean.seconds,
    restrictedMeanLo: mean.seconds === null ? null : mean.lo,
    restrictedMeanHi: mean.seconds === null ? null : mean.hi,
    advancedShare: n === 0 ? null : share.estimate,
    advancedShareLo: n === 0 ? null : share.lo,
    advancedShareHi: n === 0 ? null : share.hi,
    naiveMeanSeconds: naive.mean,
    naiveP50Seconds: naive.p50,
    naiveShare: n === 0 ? null : within / n,
    ...contrastColumns(contrast),
    didSeconds: did?.restrictedMean.difference ?? null,
    didLo: did?.restrictedMean.difference == null ? null : did.restrictedMean.lo,
    didHi: did?.restrictedMean.difference == null ? null : did.restrictedMean.hi,
    didVerdict: did?.verdict ?? null,
  };
}

function contrastColumns(contrast: Shortening | null) {
  const known = contrast !== null && contrast.difference !== null;
  const share = contrast?.advancedShareDifference;
  const knownShare = share != null && share.difference !== null;
  return {
    differenceSeconds: contrast?.difference ?? null,
    differenceLo: known ? contrast.lo : null,
    differenceHi: known ? contrast.hi : null,
    advancedShareDifference: share?.difference ?? null,
    advancedShareDifferenceLo: knownShare ? share.lo : null,
    advancedShareDifferenceHi: knownShare ? share.hi : null,
    logRankP: contrast?.logRankP ?? null,
    verdict: contrast?.verdict ?? null,
    reason: contrast?.reason ?? null,
  };
}

/** The curve of a cohort up to the horizon, thinned to at most 200 of its own points. Pure. */
export function curveRows({ period, segment, times }: Cohort, horizonSeconds: number): CycleTimeCurveRow[] {
  const steps = aalenJohansen(times.table).advanced.steps.filter(({ seconds }) => seconds <= horizonSeconds);
  const every = Math.max(1, Math.ceil(steps.length / curvePointsMax));
  return steps
    .filter((_, i) => i % every === every - 1 || i === steps.length - 1)
    .map(({ seconds, estimate, lo, hi, atRisk }) => ({ period, segment, seconds, share: estimate, lo, hi, atRisk }));
}
