import { betaTails } from './beta.ts';
import { bisect } from './bisect.ts';
import { normalQuantile, normalSurvival } from './normal.ts';

// Beyond this many degrees of freedom the normal distribution is the same to eight digits.
const NORMAL_FROM = 1e8;

function assertDegrees(df: number): void {
  if (!(df > 0)) throw new RangeError(`not degrees of freedom: ${df}`);
}

/**
 * P(T > t) of Student's t distribution with `df` > 0 degrees of freedom (need not be whole), through the incomplete
 * beta function, Abramowitz & Stegun (1964) 26.7.1. Keeps its relative precision far in the tail.
 */
export function studentSurvival(t: number, df: number): number {
  assertDegrees(df);
  if (df >= NORMAL_FROM) return normalSurvival(t);
  if (Number.isNaN(t)) throw new RangeError('t is not a number');
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1;
  const square = t * t;
  const tail = 0.5 * betaTails(df / (df + square), df / 2, 0.5, square / (df + square)).lower;
  return t > 0 ? tail : 1 - tail;
}

/** The t with P(T ≤ t) = p of Student's t distribution; p = 0 and 1 give ∓∞. */
export function studentQuantile(p: number, df: number): number {
  assertDegrees(df);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`probability outside [0, 1]: ${p}`);
  if (p === 0.5) return 0;
  if (p === 0 || p === 1 || df >= NORMAL_FROM) return normalQuantile(p);
  const tail = Math.min(p, 1 - p);
  let hi = Math.max(1, -normalQuantile(tail));
  while (studentSurvival(hi, df) > tail && hi < Number.MAX_VALUE / 2) hi *= 2;
  const magnitude = bisect(0, hi, (t) => studentSurvival(t, df) > tail);
  return p < 0.5 ? -magnitude : magnitude;
}

/** The half-width of a two-sided t interval in standard errors. */
export function studentCriticalValue(level: number, df: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`confidence level outside (0, 1): ${level}`);
  return -studentQuantile((1 - level) / 2, df);
}
