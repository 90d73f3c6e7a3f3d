import { normalCriticalValue } from './normal.ts';
import { assertProportion, type Interval, type Proportion, wilson } from './proportion.ts';
import type { ShrunkRate } from './shrink-rates.ts';

const N_MIN = 30;

/** What a stage would gain, and from what it is computed. */
export interface Bottleneck {
  /** Customers who entered the stage in `months` months. */
  readonly entered: number;
  readonly months: number;
  /** Advanced out of the mature entries, as it is. */
  readonly current: Proportion;
  /** The best comparable segment, from `shrinkRates`. */
  readonly best: ShrunkRate;
  /** Completed the journey, out of those who advanced from this stage. */
  readonly completed: Proportion;
}

export interface BottleneckGain {
  /** Completions per month; negative when the stage is better than the "best" segment. */
  readonly gain: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** The first rate that stands on fewer than 30 customers; null when there is a gain. */
  readonly insufficient: 'current' | 'best' | 'completed' | null;
}

/** Score interval of a Poisson count (Brown, Cai & DasGupta, 2003): x + z²/2 ± z√(x + z²/4). */
function poissonScore(count: number, level: number): Interval {
  const z = normalCriticalValue(level);
  const [centre, half] = [count + (z * z) / 2, z * Math.sqrt(count + (z * z) / 4)];
  return { lo: Math.max(0, centre - half), hi: centre + half };
}

function firstInsufficient({ current, best, completed }: Bottleneck): BottleneckGain['insufficient'] {
  if (current.n < N_MIN) return 'current';
  if (best.n < N_MIN) return 'best';
  return completed.n < N_MIN ? 'completed' : null;
}

/**
 * Completions per month gained if the stage advanced as many as its best comparable segment: λ·(p₂ − p₁)·c with entries
 * per month λ, rates p₁ now and p₂ there, and completions per advance c. Interval by recovering the variances from the
 * four separate intervals (MOVER; Zou & Donner, 2008): Poisson score, Wilson, the shrunk segment's, Wilson.
 */
export function bottleneckGain(bottleneck: Bottleneck, level = 0.95): BottleneckGain {
  const { entered, months, current, best, completed } = bottleneck;
  if (!Number.isSafeInteger(entered) || entered < 0) throw new RangeError(`not a count: ${entered}`);
  if (!(months > 0 && months < Infinity)) throw new RangeError(`not a number of months: ${months}`);
  assertProportion(current);
  assertProportion(completed);
  const insufficient = firstInsufficient(bottleneck);
  if (insufficient !== null) return { gain: null, lo: null, hi: null, insufficient };
  const [now, completes, entries] = [
    wilson(current.k, current.n, level),
    wilson(completed.k, completed.n, level),
    poissonScore(entered, level),
  ];
  const [rateNow, rateCompletes, perMonth] = [current.k / current.n, completed.k / completed.n, entered / months];
  const difference = best.rate - rateNow;
  const gain = perMonth * difference * rateCompletes;
  const reach = (isUp: boolean) => {
    const factorsGrow = isUp === difference > 0;
    const byDifference = isUp
      ? Math.hypot(best.hi - best.rate, rateNow - now.lo)
      : Math.hypot(best.rate - best.lo, now.hi - rateNow);
    const byEntries = (factorsGrow ? entries.hi : entries.lo) / months - perMonth;
    const byCompletes = (factorsGrow ? completes.hi : completes.lo) - rateCompletes;
    return Math.hypot(
      perMonth * rateCompletes * byDifference,
      byEntries * difference * rateCompletes,
      byCompletes * difference * perMonth,
    );
  };
  return { gain, lo: gain - reach(false), hi: gain + reach(true), insufficient };
}
