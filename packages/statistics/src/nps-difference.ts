import { normalCriticalValue, normalSurvival } from './normal.ts';
import type { Interval } from './proportion.ts';

/** Answers by class. */
export interface NpsCounts {
  readonly promoters: number;
  readonly passives: number;
  readonly detractors: number;
}

export interface NpsDifference extends Interval {
  /** NPS of `a` minus NPS of `b`, −200 … 200; null when one of them has no answers. */
  readonly difference: number | null;
  readonly z: number;
  readonly pValue: number;
}

function size({ promoters, passives, detractors }: NpsCounts): number {
  for (const count of [promoters, passives, detractors]) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count: ${count}`);
  }
  return promoters + passives + detractors;
}

/** Answers added to each sample: 1½, spread as ¼, ½, ¼ over the classes. */
const ADDED = 1.5;

/** (p − d) with the added answers, and its variance (p + d − (p − d)²)/n. */
function adjustedScore({ promoters, detractors }: NpsCounts, n: number): { value: number; variance: number } {
  const size = n + ADDED;
  const value = (promoters - detractors) / size;
  return { value, variance: ((promoters + detractors + ADDED / 2) / size - value * value) / size };
}

/**
 * Difference of two net promoter scores of different customers. Interval and two-sided test are those of the adjusted
 * Wald method: the multinomial variances (p + d − (p − d)²)/n (Rocks, 2016) after adding 1½ answers to each sample
 * (Agresti & Caffo, 2000, carried over to three classes), which holds the level where promoters or detractors are rare.
 * `difference` is the plain one. pValue < 1 − level exactly when the interval leaves out 0. Without answers on one side:
 * null, [−200, 200] and pValue = 1.
 */
export function npsDifference(a: NpsCounts, b: NpsCounts, level = 0.95): NpsDifference {
  const critical = normalCriticalValue(level);
  const [sizeA, sizeB] = [size(a), size(b)];
  if (sizeA === 0 || sizeB === 0) return { difference: null, lo: -200, hi: 200, z: 0, pValue: 1 };
  const [scoreA, scoreB] = [adjustedScore(a, sizeA), adjustedScore(b, sizeB)];
  const error = Math.sqrt(scoreA.variance + scoreB.variance);
  const centre = scoreA.value - scoreB.value;
  const z = centre / error;
  return {
    difference: 100 * ((a.promoters - a.detractors) / sizeA - (b.promoters - b.detractors) / sizeB),
    lo: Math.max(-200, 100 * (centre - critical * error)),
    hi: Math.min(200, 100 * (centre + critical * error)),
    z,
    pValue: Math.min(1, 2 * normalSurvival(Math.abs(z))),
  };
}
