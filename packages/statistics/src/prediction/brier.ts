import { assertForecasts, type Forecast } from './forecast.ts';
import { valueBins } from './value-bins.ts';

/** `score` = `reliability` − `resolution` + `uncertainty`. */
export interface BrierScore {
  readonly n: number;
  /** Share to whom it happened. */
  readonly baseRate: number;
  /** Mean of (forecast − outcome)², 0 (certain and right) … 1 (certain and wrong). */
  readonly score: number;
  /** How far rates are from forecasts, bin by bin. */
  readonly reliability: number;
  /** How far rates differ from bin to bin, with what forecasts tell within the bins. */
  readonly resolution: number;
  /** Score of who always says the base rate. */
  readonly uncertainty: number;
  /** 1 − score/uncertainty; null if it happened to all or none. */
  readonly skill: number | null;
}

/**
 * Score of Brier (1950) with the decomposition of Murphy (1973) over at most `binsMax` bins of forecasts; the two terms for
 * forecasts that differ within a bin (Stephenson, Coelho & Jolliffe, 2008) count as resolution, so the parts add up exactly.
 * Null without forecasts.
 */
export function brierScore(forecasts: readonly Forecast[], binsMax = 10): BrierScore | null {
  assertForecasts(forecasts);
  const n = forecasts.length;
  if (n === 0) return null;
  const outcome = ({ happened }: Forecast): number => (happened ? 1 : 0);
  const baseRate = forecasts.filter(({ happened }) => happened).length / n;
  const score = forecasts.reduce((sum, each) => sum + (each.probability - outcome(each)) ** 2, 0) / n;
  let [reliability, resolution] = [0, 0];
  for (const { members } of valueBins(forecasts, ({ probability }) => probability, binsMax)) {
    const forecast = members.reduce((sum, { probability }) => sum + probability, 0) / members.length;
    const rate = members.reduce((sum, each) => sum + outcome(each), 0) / members.length;
    reliability += members.length * (forecast - rate) ** 2;
    resolution += members.length * (rate - baseRate) ** 2;
    for (const each of members) {
      const off = each.probability - forecast;
      resolution += 2 * off * (outcome(each) - rate) - off * off;
    }
  }
  const uncertainty = baseRate * (1 - baseRate);
  return {
    n,
    baseRate,
    score,
    reliability: reliability / n,
    resolution: resolution / n,
    uncertainty,
    skill: uncertainty === 0 ? null : 1 - score / uncertainty,
  };
}
