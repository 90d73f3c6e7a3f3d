import { logBinomialMass } from './binomial-mass.ts';

/** An urn with `marked` of `total` balls marked, `drawn` balls drawn without replacement. */
export interface Urn {
  readonly total: number;
  readonly marked: number;
  readonly drawn: number;
}

/** The numbers of marked balls that can be drawn: [first, last]. */
export function hypergeometricSupport({ total, marked, drawn }: Urn): { first: number; last: number } {
  return { first: Math.max(0, drawn - (total - marked)), last: Math.min(marked, drawn) };
}

/**
 * log P(exactly x marked balls are drawn), as a ratio of three binomial masses in saddle-point form (Loader, 2000,
 * "Fast and accurate computation of binomial probabilities"): no cancellation between huge log-factorials.
 */
export function logHypergeometricMass(x: number, { total, marked, drawn }: Urn): number {
  if (drawn === 0 || drawn === total) return 0;
  const rate = drawn / total;
  return (
    logBinomialMass(x, marked, rate) +
    logBinomialMass(drawn - x, total - marked, rate) -
    logBinomialMass(drawn, total, rate)
  );
}

/** P(x + 1) / P(x). */
export function hypergeometricRatio(x: number, { total, marked, drawn }: Urn): number {
  return ((marked - x) / (x + 1)) * ((drawn - x) / (total - marked - drawn + x + 1));
}
