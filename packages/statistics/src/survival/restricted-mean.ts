import { normalCriticalValue, normalSurvival } from '../normal.ts';
import { type Interval, wilson } from '../proportion.ts';
import { followUpOf } from './follow-up.ts';
import { walkIncidence } from './incidence-walk.ts';
import { type RiskColumns, type RiskTable, riskColumns } from './risk-table.ts';

export interface RestrictedMeanOptions {
  readonly tauSeconds: number;
  /**
   * `never advance` (default): the mean of min(time to advance, tau) of the whole cohort, where a lost customer spends
   * all of tau. Losing customers can't shorten it. `censored`: the same if nobody could be lost, by Kaplan–Meier.
   */
  readonly losses?: 'never advance' | 'censored';
  readonly level?: number;
}

/** Restricted mean time to advance in seconds, with its interval inside [0, tau]. */
export interface RestrictedMean extends Interval {
  readonly tauSeconds: number;
  readonly n: number;
  /** Advanced within tau. */
  readonly advanced: number;
  readonly atRisk: number;
  /** null when nobody without an outcome was watched until tau: see `largestTau`. */
  readonly seconds: number | null;
  readonly standardError: number | null;
}

/** Throws a `RangeError` unless tau is a positive time. */
export function assertTau(tauSeconds: number): void {
  if (!(tauSeconds > 0 && tauSeconds < Infinity)) throw new RangeError(`not a horizon: ${tauSeconds} s`);
}

/**
 * Mean time to advance, restricted to the horizon tau: tau minus the area under the curve of the advanced share.
 * With `never advance` that is the Aalen–Johansen curve, the area being the time won by advancing (Andersen, 2013,
 * "Decomposition of number of life years lost according to causes of death"); with `censored` it is the area under the
 * Kaplan–Meier curve (Irwin, 1949; Royston & Parmar, 2013). Greenwood-type variance, normal interval.
 * While nobody has advanced that variance is 0; then the interval reaches down to tau times the Wilson bound of nobody
 * among the customers known at tau, and the standard error is the one that belongs to it.
 */
export function restrictedMeanTime(table: RiskTable, options: RestrictedMeanOptions): RestrictedMean {
  return restrictedMeanOf(riskColumns(table), options);
}

/** `restrictedMeanTime` of a table that is in columns already. */
export function restrictedMeanOf(columns: RiskColumns, options: RestrictedMeanOptions): RestrictedMean {
  const { tauSeconds, losses = 'never advance', level = 0.95 } = options;
  assertTau(tauSeconds);
  const z = normalCriticalValue(level);
  const { n, atRisk, matureShare } = followUpOf(columns, tauSeconds);
  const other = losses === 'censored' ? 'censors' : 'competes';
  const state = walkIncidence(columns, { cause: 'advanced', other, untilSeconds: tauSeconds });
  const known = { tauSeconds, n, advanced: state.events, atRisk };
  if (atRisk === 0 && (n === 0 || state.unsettled > 0)) {
    return { ...known, seconds: null, standardError: null, lo: 0, hi: tauSeconds };
  }
  const seconds = tauSeconds - state.area;
  const standardError =
    state.events === 0
      ? (tauSeconds * wilson(0, Math.round(matureShare * n), 0.95).hi) / normalCriticalValue(0.95)
      : Math.sqrt(state.areaVariance);
  const half = z * standardError;
  return {
    ...known,
    seconds,
    standardError,
    lo: Math.max(0, seconds - half),
    hi: Math.min(tauSeconds, seconds + half),
  };
}

/** A difference or contrast of restricted means in seconds; without an estimate the interval says nothing. */
export interface TimeContrast extends Interval {
  readonly difference: number | null;
  readonly standardError: number | null;
  /** Two-sided, normal. */
  readonly pValue: number;
}

/**
 * Sum of `plus` minus sum of `minus`: independent restricted means with the same tau (otherwise a `RangeError`).
 * Normal interval from the sum of their variances, normal two-sided p-value.
 */
export function contrastOfRestrictedMeans(
  plus: readonly RestrictedMean[],
  minus: readonly RestrictedMean[],
  level = 0.95,
): TimeContrast {
  const z = normalCriticalValue(level);
  const all = [...plus, ...minus];
  const taus = new Set(all.map((mean) => mean.tauSeconds));
  if (taus.size !== 1) throw new RangeError(`restricted means need one horizon, not ${[...taus].join(', ')} s`);
  let difference = 0;
  let variance = 0;
  for (const [i, { seconds, standardError, tauSeconds }] of all.entries()) {
    if (seconds === null || standardError === null) {
      const widest = tauSeconds * Math.max(plus.length, minus.length);
      return { difference: null, standardError: null, lo: -widest, hi: widest, pValue: 1 };
    }
    difference += i < plus.length ? seconds : -seconds;
    variance += standardError * standardError;
  }
  const standardError = Math.sqrt(variance);
  const pValue = difference === 0 ? 1 : 2 * normalSurvival(Math.abs(difference) / standardError);
  return { difference, standardError, lo: difference - z * standardError, hi: difference + z * standardError, pValue };
}
