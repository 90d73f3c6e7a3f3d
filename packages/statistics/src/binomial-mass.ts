const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
const SERIES_FROM = 16;

const EXACT_STIRLING_ERRORS: readonly number[] = (() => {
  const errors = [0];
  let logFactorial = 0;
  for (let n = 1; n < SERIES_FROM; n++) {
    logFactorial += Math.log(n);
    errors.push(logFactorial - (HALF_LOG_TWO_PI + (n + 0.5) * Math.log(n) - n));
  }
  return errors;
})();

/** log n! minus Stirling's approximation, n ≥ 0, whole or not: a table, the series, or steps up to the series. */
function stirlingError(n: number): number {
  const exact = EXACT_STIRLING_ERRORS[n];
  if (exact !== undefined) return exact;
  let steps = 0;
  let m = n;
  for (; m < SERIES_FROM; m++) steps += (m + 0.5) * Math.log1p(1 / m) - 1;
  const m2 = m * m;
  return steps + (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / m2) / m2) / m2) / m2) / m;
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

/**
 * log of C(n, k)·rate^k·(1 − rate)^(n − k) in saddle-point form (Loader, 2000), without cancellation between huge
 * log-factorials. k and n may be fractions (the density of a beta distribution); `complement` is 1 − rate, to be given
 * where it is known more precisely than by subtraction.
 */
export function logBinomialMass(k: number, n: number, rate: number, complement = 1 - rate): number {
  if (rate === 0) return k === 0 ? 0 : -Infinity;
  if (complement === 0) return k === n ? 0 : -Infinity;
  if (k === 0) return n * (rate < 0.5 ? Math.log1p(-rate) : Math.log(complement));
  if (k === n) return n * Math.log(rate);
  const fit =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * rate) -
    deviance(n - k, n * complement);
  return fit - HALF_LOG_TWO_PI - 0.5 * Math.log((k * (n - k)) / n);
}
