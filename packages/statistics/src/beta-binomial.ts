import { logBinomialMass } from './binomial-mass.ts';

const NEGLIGIBLE = 1e-18;

function assertArguments(k: number, n: number, a: number, b: number): void {
  if (!Number.isSafeInteger(k) || !Number.isSafeInteger(n) || k < 0 || k > n) {
    throw new RangeError(`not k of n: ${k} of ${n}`);
  }
  if (!(a > 0 && b > 0 && Number.isFinite(a + b))) {
    throw new RangeError(`not the parameters of a beta distribution: ${a}, ${b}`);
  }
}

/**
 * log P(K = k) of the beta-binomial distribution: k successes among n whose common rate was drawn from Beta(a, b); Skellam
 * (1948). Written as C(n, k)·C(a+b, a) ÷ C(n+a+b, k+a) · ab(n+a+b) ÷ ((a+b)(k+a)(n−k+b)), with the three binomial
 * coefficients in saddle-point form at one rate, whose powers cancel: no difference of huge log-gammas. a, b > 0.
 */
export function logBetaBinomialMass(k: number, n: number, a: number, b: number): number {
  assertArguments(k, n, a, b);
  const [total, failures] = [n + a + b, n - k + b];
  const [rate, complement] = [(k + a) / total, failures / total];
  const coefficients =
    logBinomialMass(k, n, rate, complement) +
    logBinomialMass(a, a + b, rate, complement) -
    logBinomialMass(k + a, total, rate, complement);
  return coefficients + Math.log((a / (a + b)) * (b / (k + a)) * (total / failures));
}

/** P(K ≥ k) summed upwards; the sum stops where the rest is negligible, which needs a mass that falls: b ≥ 1. */
function sumUp(k: number, n: number, a: number, b: number): number {
  let term = Math.exp(logBetaBinomialMass(k, n, a, b));
  let sum = term;
  for (let j = k; j < n; j++) {
    const ratio = ((n - j) / (j + 1)) * ((j + a) / (n - j - 1 + b));
    term *= ratio;
    sum += term;
    if (b >= 1 && ratio < 1 && term < (NEGLIGIBLE * sum + Number.MIN_VALUE) * (1 - ratio)) break;
  }
  return Math.min(1, sum);
}

/**
 * P(K ≥ k) of the beta-binomial distribution, k from 0 to n. Keeps its relative precision far in the upper tail; about
 * √n terms unless a or b is below 1, then up to n.
 */
export function betaBinomialUpperTail(k: number, n: number, a: number, b: number): number {
  assertArguments(k, n, a, b);
  if (k === 0) return 1;
  if (k >= (n * a) / (a + b)) return sumUp(k, n, a, b);
  return 1 - sumUp(n - k + 1, n, b, a);
}

/** P(K ≤ k) of the beta-binomial distribution, k from 0 to n, precise in the lower tail. */
export function betaBinomialCdf(k: number, n: number, a: number, b: number): number {
  return betaBinomialUpperTail(n - k, n, b, a);
}
