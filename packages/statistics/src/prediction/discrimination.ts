import { normalCriticalValue } from '../normal.ts';
import { type Interval, wilson } from '../proportion.ts';

export interface Discrimination extends Interval {
  /**
   * Chance that a random positive has the greater value than a random negative, ties counting half: the area under the
   * ROC curve; null without positives or negatives.
   */
  readonly auc: number | null;
  /** Null with fewer than two of either. */
  readonly standardError: number | null;
  readonly positives: number;
  readonly negatives: number;
}

/** Mid-ranks from 1: equal values share the mean of their ranks. */
function midRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    const value = values[order[from] ?? 0];
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === value) to++;
    for (let i = from; i < to; i++) ranks[order[i] ?? 0] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

/** Placement of every value among the other sample: the share of `others` below it, ties counting half. */
function placements(own: Float64Array, all: Float64Array, others: number): Float64Array {
  const ranks = midRanks(own);
  return ranks.map((rank, i) => ((all[i] ?? 0) - rank) / others);
}

function sampleVariance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/**
 * How well values tell those to whom something happened (`positives`, expected to be greater) from the others: the area under
 * the ROC curve with the variance of DeLong, DeLong & Clarke-Pearson (1988), by mid-ranks as in Sun & Xu (2014), O(n log n).
 * The interval is taken on the logit scale. A perfect separation has no variance: its open side is Wilson's bound of
 * all of the smaller sample. Fewer than two of either say nothing: 0 … 1.
 *
 * @throws RangeError for values that aren't finite
 */
export function discrimination(
  positives: readonly number[],
  negatives: readonly number[],
  level = 0.95,
): Discrimination {
  const z = normalCriticalValue(level);
  const [m, n] = [positives.length, negatives.length];
  const values = Float64Array.from([...positives, ...negatives]);
  if (values.some((value) => !Number.isFinite(value))) throw new RangeError('a value that is not finite');
  const counts = { positives: m, negatives: n };
  if (m === 0 || n === 0) return { auc: null, standardError: null, lo: 0, hi: 1, ...counts };
  const ranks = midRanks(values);
  const above = placements(values.subarray(0, m), ranks.subarray(0, m), n);
  const below = placements(values.subarray(m), ranks.subarray(m), m);
  const auc = above.reduce((sum, share) => sum + share, 0) / m;
  if (m === 1 || n === 1) return { auc, standardError: null, lo: 0, hi: 1, ...counts };
  const standardError = Math.sqrt(sampleVariance(above) / m + sampleVariance(below) / n);
  return { auc, standardError, ...interval(auc, standardError, z, Math.min(m, n), level), ...counts };
}

function interval(auc: number, standardError: number, z: number, smaller: number, level: number): Interval {
  if (auc >= 1) return { lo: wilson(smaller, smaller, level).lo, hi: 1 };
  if (auc <= 0) return { lo: 0, hi: wilson(0, smaller, level).hi };
  const logit = Math.log(auc / (1 - auc));
  const half = (z * standardError) / (auc * (1 - auc));
  const back = (x: number): number => 1 / (1 + Math.exp(-x));
  return { lo: back(logit - half), hi: back(logit + half) };
}
