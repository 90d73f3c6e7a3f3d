import { betaTails } from '../beta.ts';
import { type Interval, wilson } from '../proportion.ts';
import { quantileR7 } from '../quantile.ts';

export interface LeadTimes {
  readonly losses: number;
  /** Losses before which there was no flag; `rate` with Wilson's interval, null without losses. */
  readonly neverFlagged: Interval & { readonly k: number; readonly n: number; readonly rate: number | null };
  /** Of the flagged ones, seconds from flag to loss; null without any. Interval bounds are null where the sample doesn't bound it. */
  readonly median: { readonly seconds: number | null; readonly lo: number | null; readonly hi: number | null };
  readonly p25: number | null;
  readonly p75: number | null;
}

/** P(X ≤ k) for X binomial(n, ½). */
function halfBelow(k: number, n: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : betaTails(0.5, k + 1, n - k).upper;
}

/**
 * How long before a loss it was flagged: for every loss the seconds from the flag that stood at the time to the loss, or null if there
 * was none. The interval of the median is that of order statistics, distribution-free: the widest ranks r and n + 1 − r with
 * P(binomial(n, ½) < r) ≤ (1 − level)/2 (David & Nagaraja, 2003, §7.1).
 *
 * @throws RangeError for times that are negative or not finite
 */
export function leadTimes(leads: readonly (number | null)[], level = 0.95): LeadTimes {
  const flagged = leads.filter((seconds) => seconds !== null).sort((a, b) => a - b);
  for (const seconds of flagged)
    if (!(seconds >= 0 && seconds < Infinity)) throw new RangeError(`not a lead time: ${seconds} s`);
  const n = leads.length;
  const k = n - flagged.length;
  const limit = (1 - level) / 2;
  let [low, high] = [0, flagged.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (halfBelow(middle - 1, flagged.length) <= limit) low = middle;
    else high = middle - 1;
  }
  return {
    losses: n,
    neverFlagged: { k, n, rate: n === 0 ? null : k / n, ...wilson(k, n, level) },
    median: {
      seconds: quantileR7(flagged, 0.5),
      lo: low === 0 ? null : (flagged[low - 1] ?? null),
      hi: low === 0 ? null : (flagged[flagged.length - low] ?? null),
    },
    p25: quantileR7(flagged, 0.25),
    p75: quantileR7(flagged, 0.75),
  };
}
