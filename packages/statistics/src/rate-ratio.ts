import { conditionalRateRatio } from './conditional-rate-ratio.ts';
import { normalCriticalValue, normalSurvival } from './normal.ts';
import type { ExposureStratum } from './person-time.ts';

/** Below this many events on either side the interval is the exact conditional one. */
const LARGE_SAMPLE_EVENTS_MIN = 10;

/**
 * Why there is no ratio: never at risk while exposed, or while unexposed; both, but never in the same stratum; no event
 * where both were at risk; events in the exposed time only (the interval is then open upwards).
 */
export type RateRatioGap =
  | 'no_exposed_time'
  | 'no_unexposed_time'
  | 'no_common_time'
  | 'no_events'
  | 'no_unexposed_events';

export interface RateRatio {
  /** Rate in the exposed over rate in the unexposed time; null says `gap`. */
  readonly ratio: number | null;
  readonly lo: number;
  /** null: no upper bound. */
  readonly hi: number | null;
  readonly pValue: number;
  readonly method: 'mantel-haenszel' | 'conditional' | 'none';
  readonly gap: RateRatioGap | null;
}

function assertStratum(stratum: ExposureStratum): void {
  for (const count of [stratum.eventsExposed, stratum.eventsUnexposed]) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count: ${count}`);
  }
  for (const time of [stratum.timeExposed, stratum.timeUnexposed]) {
    if (!(time >= 0 && time < Infinity)) throw new RangeError(`not a time at risk: ${time}`);
  }
}

const unknown = (gap: RateRatioGap): RateRatio => ({ ratio: null, lo: 0, hi: null, pValue: 1, method: 'none', gap });

function missingTime(strata: readonly ExposureStratum[]): RateRatioGap {
  if (!strata.some((s) => s.timeExposed > 0)) return 'no_exposed_time';
  return strata.some((s) => s.timeUnexposed > 0) ? 'no_common_time' : 'no_unexposed_time';
}

/**
 * Common rate ratio over strata, Mantel & Haenszel's weights for person-time: Σ A₁T₀/T over Σ A₀T₁/T, with the variance
 * of its logarithm by Greenland & Robins (1985). With fewer than 10 events on either side interval and p-value are
 * those of the exact conditional distribution (Martin & Austin, 1996; mid-p). Strata without time on both
 * sides hold no comparison and drop out. pValue < 1 − level exactly when the interval leaves out 1.
 */
export function mantelHaenszelRateRatio(strata: readonly ExposureStratum[], level = 0.95): RateRatio {
  const z = normalCriticalValue(level);
  strata.forEach(assertStratum);
  const comparable = strata.filter((s) => s.timeExposed > 0 && s.timeUnexposed > 0);
  if (comparable.length === 0) return unknown(missingTime(strata));
  let [exposed, unexposed, weightExposed, weightUnexposed, information] = [0, 0, 0, 0, 0];
  for (const s of comparable) {
    const [shareExposed, shareUnexposed] = [
      1 / (1 + s.timeUnexposed / s.timeExposed),
      1 / (1 + s.timeExposed / s.timeUnexposed),
    ];
    exposed += s.eventsExposed;
    unexposed += s.eventsUnexposed;
    weightExposed += s.eventsExposed * shareUnexposed;
    weightUnexposed += s.eventsUnexposed * shareExposed;
    information += (s.eventsExposed + s.eventsUnexposed) * shareExposed * shareUnexposed;
  }
  if (exposed + unexposed === 0) return unknown('no_events');
  const ratio = unexposed === 0 ? null : weightExposed / weightUnexposed;
  const gap = ratio === null ? 'no_unexposed_events' : null;
  if (ratio === null || Math.min(exposed, unexposed) < LARGE_SAMPLE_EVENTS_MIN) {
    const { lo, hi, pValue } = conditionalRateRatio(comparable, level);
    return { ratio, lo, hi: hi === Infinity ? null : hi, pValue, method: 'conditional', gap };
  }
  const error = Math.sqrt(information / (weightExposed * weightUnexposed));
  return {
    ratio,
    lo: ratio * Math.exp(-z * error),
    hi: ratio * Math.exp(z * error),
    pValue: 2 * normalSurvival(Math.abs(Math.log(ratio)) / error),
    method: 'mantel-haenszel',
    gap,
  };
}

/**
 * Rate ratio of one table of events and times at risk: Mantel–Haenszel with one stratum, so the crude ratio with
 * variance 1/A₁ + 1/A₀ of its logarithm (Rothman, Greenland & Lash, 2008, ch. 14), exact when events are few.
 */
export function rateRatio(table: ExposureStratum, level = 0.95): RateRatio {
  return mantelHaenszelRateRatio([table], level);
}
