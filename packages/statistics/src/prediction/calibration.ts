import { normalSurvival } from '../normal.ts';
import { type Interval, wilson } from '../proportion.ts';
import { assertForecasts, type Forecast } from './forecast.ts';
import { valueBins } from './value-bins.ts';

/** Forecasts of about the same probability: what was said, and what happened. */
export interface CalibrationRow extends Interval {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** To how many it happened. */
  readonly k: number;
  /** Mean of the forecasts. */
  readonly forecast: number;
  /** k/n, with Wilson's interval. */
  readonly rate: number;
}

/** Forecasts in at most `binsMax` bins of about equal numbers, ascending; equal forecasts are never parted. */
export function calibrationTable(forecasts: readonly Forecast[], binsMax = 10, level = 0.95): CalibrationRow[] {
  assertForecasts(forecasts);
  return valueBins(forecasts, ({ probability }) => probability, binsMax).map(({ from, to, members }) => {
    const n = members.length;
    const k = members.filter(({ happened }) => happened).length;
    const forecast = members.reduce((sum, { probability }) => sum + probability, 0) / n;
    return { from, to, n, k, forecast, rate: k / n, ...wilson(k, n, level) };
  });
}

export interface CalibrationTest {
  /** Above 0: it happened to more extreme forecasts less (too bold) or in the wrong direction; null if nothing can be told. */
  readonly z: number | null;
  readonly pValue: number;
}

/**
 * Whether forecasts are calibrated, without bins: the test of Spiegelhalter (1986),
 * z = Σ (y − p)(1 − 2p) ÷ √(Σ (1 − 2p)² p(1 − p)), two-sided. If all forecasts are 0, ½ or 1 there is nothing to tell: p = 1,
 * except that a certain forecast which failed has p = 0.
 */
export function spiegelhalter(forecasts: readonly Forecast[]): CalibrationTest {
  assertForecasts(forecasts);
  let [sum, variance] = [0, 0];
  let hasFailed = false;
  for (const { probability: p, happened } of forecasts) {
    sum += ((happened ? 1 : 0) - p) * (1 - 2 * p);
    variance += (1 - 2 * p) ** 2 * p * (1 - p);
    hasFailed ||= (p === 0 && happened) || (p === 1 && !happened);
  }
  if (hasFailed) return { z: null, pValue: 0 };
  if (variance === 0) return { z: null, pValue: 1 };
  const z = sum / Math.sqrt(variance);
  return { z, pValue: Math.min(1, 2 * normalSurvival(Math.abs(z))) };
}
