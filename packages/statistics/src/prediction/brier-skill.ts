import { meanInterval } from '../mean.ts';

/** How far forecasts beat those of who always says the share that it came to. */
export interface BrierSkill {
  /** Mean score of Brier (1950); null without forecasts. */
  readonly brier: number | null;
  /** The same of who always says the base rate of the judged themselves (Murphy, 1973). */
  readonly brierBase: number | null;
  /** 1 − brier/brierBase, with the interval of the mean difference; null below thirty judged, or if they all came to the same. */
  readonly skill: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly verdict: 'skill' | 'no_skill' | 'insufficient';
}

/** The skill of forecasts from the scores of each of the judged, its own and that of the base rate. */
export function brierSkill(
  scores: readonly { readonly brier: number; readonly base: number }[],
  level = 0.95,
): BrierSkill {
  const n = scores.length;
  const nothing = { skill: null, lo: null, hi: null, verdict: 'insufficient' as const };
  if (n === 0) return { brier: null, brierBase: null, ...nothing };
  const brier = scores.reduce((sum, score) => sum + score.brier, 0) / n;
  const brierBase = scores.reduce((sum, { base }) => sum + base, 0) / n;
  if (n < 30 || brierBase === 0) return { brier, brierBase, ...nothing };
  const gain = brierBase - brier;
  const squares = scores.reduce((sum, score) => sum + (score.base - score.brier - gain) ** 2, 0);
  const { lo, hi } = meanInterval(n, gain, squares / (n - 1), level);
  const share = (value: number | null): number | null => (value === null ? null : value / brierBase);
  const verdict = lo !== null && lo > 0 ? ('skill' as const) : ('no_skill' as const);
  return { brier, brierBase, skill: gain / brierBase, lo: share(lo), hi: share(hi), verdict };
}
