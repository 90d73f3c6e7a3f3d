import { logBinomialMass } from './binomial-mass.ts';
import { bisect } from './bisect.ts';

const TERMS_MAX = 100_000;
const TINY = 1e-300;

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated as in Lentz (1976). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY);
  let f = d;
  for (let m = 1; m < TERMS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || TINY);
    c = 1 + even / c || TINY;
    f *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || TINY);
    c = 1 + odd / c || TINY;
    f *= d * c;
    if (Math.abs(d * c - 1) < 4e-16) break;
  }
  return f;
}

/** Both tails of a distribution at one point, each with its own relative precision. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

/**
 * P(X ≤ x) and P(X > x) of the beta distribution with a, b > 0: the regularised incomplete beta function I_x(a, b)
 * and its complement. `y` is 1 − x, to be given where it is known more precisely than by subtraction.
 */
export function betaTails(x: number, a: number, b: number, y = 1 - x): Tails {
  if (!(a > 0 && b > 0)) throw new RangeError(`not the parameters of a beta distribution: ${a}, ${b}`);
  if (!(x >= 0 && x <= 1)) throw new RangeError(`outside [0, 1]: ${x}`);
  if (x === 0 || y === 0) return x === 0 ? { lower: 0, upper: 1 } : { lower: 1, upper: 0 };
  const mass = Math.exp(logBinomialMass(a, a + b, x, y)) / (a + b);
  if (x <= (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, mass * b * betaFraction(x, a, b));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, mass * a * betaFraction(y, b, a));
  return { lower: 1 - upper, upper };
}

/** The x in [0, 1] with P(X ≤ x) = p of the beta distribution. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`probability outside [0, 1]: ${p}`);
  if (p === 0 || p === 1) return p;
  return bisect(0, 1, (x) => {
    const { lower, upper } = betaTails(x, a, b);
    return p < 0.5 ? lower < p : upper > 1 - p;
  });
}
