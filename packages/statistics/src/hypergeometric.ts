const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

const EXACT_STIRLING_ERRORS: readonly number[] = (() => {
  const errors = [0];
  let logFactorial = 0;
  for (let n = 1; n < 16; n++) {
    logFactorial += Math.log(n);
    errors.push(logFactorial - (HALF_LOG_TWO_PI + (n + 0.5) * Math.log(n) - n));
  }
  return errors;
})();

/** log n! minus Stirling's approximation. */
function stirlingError(n: number): number {
  const exact = EXACT_STIRLING_ERRORS[n];
  if (exact !== undefined) return exact;
  const n2 = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / n2) / n2) / n2) / n2) / n;
}

/** x·log(x/m) + m − x without cancellation for x near m. */
function deviance(x: number, m: number): number {
  const difference = x - m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = difference / (x + m);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

function logBinomialMass(k: number, n: number, rate: number): number {
  if (rate === 0) return k === 0 ? 0 : -Infinity;
  if (rate === 1) return k === n ? 0 : -Infinity;
  if (k === 0) return n * Math.log1p(-rate);
  if (k === n) return n * Math.log(rate);
  const fit =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * rate) -
    deviance(n - k, n * (1 - rate));
  return fit - HALF_LOG_TWO_PI - 0.5 * Math.log((k * (n - k)) / n);
}

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
