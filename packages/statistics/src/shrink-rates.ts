import { betaQuantile } from './beta.ts';
import { pauleMandel } from './between-variance.ts';
import { morrisShrinkage } from './morris.ts';
import { normalCriticalValue } from './normal.ts';
import { assertProportion, type Interval, type Proportion, wilson } from './proportion.ts';

/** The prior, and what is known of a segment, is worth at least one observation, as in the prior of Jeffreys. */
const STRENGTH_MIN = 1;

export interface ShrunkRate extends Interval {
  readonly k: number;
  readonly n: number;
  /** The rate drawn towards the common one. */
  readonly rate: number;
  /** Share of the segment's own rate in `rate`, 0 … 1; 1 when nothing was shrunk. */
  readonly weight: number;
}

const unshrunk = ({ k, n }: Proportion, level: number): ShrunkRate => ({
  k,
  n,
  rate: k / n,
  ...wilson(k, n, level),
  weight: 1,
});

/** Interval of the beta distribution with this mean, worth `strength` observations. */
function betaInterval(mean: number, strength: number, level: number): Interval {
  const [a, b] = [mean * strength, (1 - mean) * strength];
  return { lo: betaQuantile((1 - level) / 2, a, b), hi: betaQuantile((1 + level) / 2, a, b) };
}

/**
 * Rates of segments drawn towards their common rate, so that the highest of them isn't the luckiest: beta-binomial with
 * a prior whose mean and strength come from moments (Kleinman, 1973; solved as Paule & Mandel, 1982), corrected for
 * that estimate as in Morris (1983); the interval is that of the beta distribution with the resulting mean and variance
 * (the variance taken at the segment's own rate).
 * Every segment needs n ≥ 1. With fewer than four segments, or when all or none succeeded everywhere, nothing is shrunk
 * and the intervals are Wilson's.
 */
export function shrinkRates(segments: readonly Proportion[], level = 0.95): ShrunkRate[] {
  normalCriticalValue(level);
  for (const segment of segments) {
    assertProportion(segment);
    if (segment.n === 0) throw new RangeError('a segment without data cannot be shrunk');
  }
  const successes = segments.reduce((sum, { k }) => sum + k, 0);
  const total = segments.reduce((sum, { n }) => sum + n, 0);
  if (segments.length < 4 || successes === 0 || successes === total) return segments.map((s) => unshrunk(s, level));
  const rates = segments.map(({ k, n }) => k / n);
  const single = (successes / total) * (1 - successes / total);
  const within = (between: number) => segments.map(({ n }) => (single - between) / n);
  const between = pauleMandel(rates, (b) => within(b).map((v) => v + b), single / (1 + STRENGTH_MIN));
  return morrisShrinkage(rates, within(between), between).map(({ value, variance, weight }, i) => {
    const { k, n } = segments[i] ?? { k: 0, n: 0 };
    const strength = Math.max(STRENGTH_MIN, (single - between) / variance - 1);
    return { k, n, rate: value, ...betaInterval(value, strength, level), weight };
  });
}

/**
 * Index of the best comparable segment: the highest shrunk rate among segments with at least `nMin`, the larger one of
 * equals; null when there is none.
 */
export function bestSegment(segments: readonly ShrunkRate[], nMin = 30): number | null {
  let best: number | null = null;
  let leader: ShrunkRate | undefined;
  segments.forEach((segment, i) => {
    if (segment.n < nMin) return;
    const isBetter = leader === undefined || segment.rate > leader.rate;
    const isLargerEqual = leader !== undefined && segment.rate === leader.rate && segment.n > leader.n;
    if (isBetter || isLargerEqual) [best, leader] = [i, segment];
  });
  return best;
}
