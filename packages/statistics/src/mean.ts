import { studentCriticalValue, studentSurvival } from './student.ts';

/** A sample: `n` values, their mean, and their variance with divisor n − 1 (null when n < 2). */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  readonly variance: number | null;
}

/** Throws a `RangeError` unless n is a count ≥ 0 and, with data, mean and variance are finite and variance ≥ 0. */
export function assertSample({ n, mean, variance }: Sample): void {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not a count: ${n}`);
  if (n > 0 && !Number.isFinite(mean)) throw new RangeError(`not a mean: ${mean}`);
  if (n > 1 && !(variance !== null && variance >= 0 && variance < Infinity)) {
    throw new RangeError(`not a variance: ${variance}`);
  }
}

/** The variance of a sample that shows any: null below two values or when all values are equal. */
export function spread({ n, variance }: Sample): number | null {
  return n < 2 || variance === null || variance === 0 ? null : variance;
}

export interface MeanInterval {
  readonly n: number;
  /** null without data. */
  readonly mean: number | null;
  /** null where the sample says nothing of its spread: fewer than two values, or all of them equal. */
  readonly lo: number | null;
  readonly hi: number | null;
}

/** Mean with its Student t interval (Student, 1908): mean ± t·√(variance/n) on n − 1 degrees of freedom. */
export function meanInterval(n: number, mean: number, variance: number | null, level = 0.95): MeanInterval {
  const sample = { n, mean, variance };
  assertSample(sample);
  const known = spread(sample);
  if (known === null) return { n, mean: n === 0 ? null : mean, lo: null, hi: null };
  const half = studentCriticalValue(level, n - 1) * Math.sqrt(known / n);
  return { n, mean, lo: mean - half, hi: mean + half };
}

export interface MeanDifference {
  /** mean of `a` minus mean of `b`; null when one of them has no data. */
  readonly difference: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** Degrees of freedom of Welch and Satterthwaite; null together with lo and hi. */
  readonly df: number | null;
  readonly t: number;
  readonly pValue: number;
}

/**
 * Difference of two means without assuming equal variances: t-test and interval of Welch (1947), degrees of freedom
 * of Satterthwaite (1946), two-sided. When a sample has fewer than two values, or neither shows any spread, there
 * is nothing to judge by: no interval, t = 0, pValue = 1.
 */
export function meanDifference(a: Sample, b: Sample, level = 0.95): MeanDifference {
  assertSample(a);
  assertSample(b);
  const difference = a.n === 0 || b.n === 0 ? null : a.mean - b.mean;
  const [shareA, shareB] = [(a.variance ?? 0) / a.n, (b.variance ?? 0) / b.n];
  const square = shareA + shareB;
  if (difference === null || a.n < 2 || b.n < 2 || square === 0) {
    return { difference, lo: null, hi: null, df: null, t: 0, pValue: 1 };
  }
  const [weightA, weightB] = [shareA / square, shareB / square];
  const df = 1 / ((weightA * weightA) / (a.n - 1) + (weightB * weightB) / (b.n - 1));
  const error = Math.sqrt(square);
  const half = studentCriticalValue(level, df) * error;
  const t = difference / error;
  const pValue = Math.min(1, 2 * studentSurvival(Math.abs(t), df));
  return { difference, lo: difference - half, hi: difference + half, df, t, pValue };
}
