import { normalSurvival } from '../normal.ts';

/**
 * P(X > x) of the chi-square distribution with a whole number of degrees of freedom: the regularised upper incomplete
 * gamma function Q(k/2, x/2) by its recurrence from Q(1/2) or Q(1) (Abramowitz & Stegun, 1964, 6.5.21 and 26.4.4–5).
 * All terms are positive, so the far tail keeps its relative precision (about 1e-12).
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  if (!Number.isSafeInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(`not degrees of freedom: ${degreesOfFreedom}`);
  }
  if (!(x >= 0)) throw new RangeError(`not a chi-square value: ${x}`);
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  const half = x / 2;
  const isOdd = degreesOfFreedom % 2 === 1;
  let a = isOdd ? 0.5 : 1;
  let sum = isOdd ? 2 * normalSurvival(Math.sqrt(x)) : Math.exp(-half);
  let logTerm = isOdd ? 0.5 * Math.log(half) - half - Math.log(Math.sqrt(Math.PI) / 2) : Math.log(half) - half;
  for (; a < degreesOfFreedom / 2; a++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(half / (a + 1));
  }
  return Math.min(1, sum);
}
