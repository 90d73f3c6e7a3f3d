import { normalCriticalValue, normalSurvival } from './normal.ts';

/** `k` successes among `n`. Both are whole numbers, 0 ≤ k ≤ n. */
export interface Proportion {
  readonly k: number;
  readonly n: number;
}

export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** Throws a `RangeError` unless k and n are safe integers with 0 ≤ k ≤ n. */
export function assertProportion({ k, n }: Proportion): void {
  if (!Number.isSafeInteger(k) || !Number.isSafeInteger(n) || k < 0 || k > n) {
    throw new RangeError(`not k of n: ${k} of ${n}`);
  }
}

/**
 * Score interval of a proportion, Wilson (1927). Exactly 0 at k = 0 and exactly 1 at k = n on the closed side;
 * without data (n = 0) it says nothing: [0, 1].
 */
export function wilson(k: number, n: number, level = 0.95): Interval {
  assertProportion({ k, n });
  const z = normalCriticalValue(level);
  if (n === 0) return { lo: 0, hi: 1 };
  const z2 = z * z;
  const half = z * Math.sqrt((k * ((n - k) / n) + z2 / 4) / (n + z2) / (n + z2));
  const centre = (k + z2 / 2) / (n + z2);
  return { lo: k === 0 ? 0 : Math.max(0, centre - half), hi: k === n ? 1 : Math.min(1, centre + half) };
}

export interface TwoProportion extends Interval {
  /** rate of `a` minus rate of `b`; null when one of them has no data. */
  readonly difference: number | null;
  readonly z: number;
  readonly pValue: number;
}

/**
 * Two proportions: pooled z-test, two-sided, without continuity correction (Pearson, 1900; Fleiss, Levin & Paik, 2003,
 * §3.1), and the hybrid score interval of the difference, method 10 of Newcombe (1998).
 * With an empty group, or when all or none succeeded, there is nothing to tell apart: z = 0, pValue = 1.
 */
export function twoProportion(a: Proportion, b: Proportion, level = 0.95): TwoProportion {
  const wilsonA = wilson(a.k, a.n, level);
  const wilsonB = wilson(b.k, b.n, level);
  if (a.n === 0 || b.n === 0) return { difference: null, lo: -1, hi: 1, z: 0, pValue: 1 };
  const rateA = a.k / a.n;
  const rateB = b.k / b.n;
  const difference = rateA - rateB;
  const lo = difference - Math.hypot(rateA - wilsonA.lo, wilsonB.hi - rateB);
  const hi = difference + Math.hypot(wilsonA.hi - rateA, rateB - wilsonB.lo);
  const successes = a.k + b.k;
  const total = a.n + b.n;
  const variance = (successes / total) * ((total - successes) / total) * (1 / a.n + 1 / b.n);
  const z = variance === 0 ? 0 : difference / Math.sqrt(variance);
  return { difference, lo: Math.max(-1, lo), hi: Math.min(1, hi), z, pValue: 2 * normalSurvival(Math.abs(z)) };
}
