import { normalCriticalValue } from './normal.ts';
import type { Interval } from './proportion.ts';

export interface NetPromoterScore extends Interval {
  readonly n: number;
  /** −100 … 100; null without responses. */
  readonly nps: number | null;
}

/**
 * Net promoter score 100·(p − d) (Reichheld, 2003) with its normal interval from the multinomial variance
 * (p + d − (p − d)²)/n (Rocks, 2016), cut to −100 … 100. Without responses: null and [−100, 100].
 */
export function npsInterval(promoters: number, passives: number, detractors: number, level = 0.95): NetPromoterScore {
  const z = normalCriticalValue(level);
  for (const count of [promoters, passives, detractors]) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count: ${count}`);
  }
  const n = promoters + passives + detractors;
  if (n === 0) return { n, nps: null, lo: -100, hi: 100 };
  const difference = (promoters - detractors) / n;
  const half = z * Math.sqrt(Math.max(0, (promoters + detractors) / n - difference * difference) / n);
  return {
    n,
    nps: 100 * difference,
    lo: Math.max(-100, 100 * (difference - half)),
    hi: Math.min(100, 100 * (difference + half)),
  };
}
