import type { Interval } from './proportion.ts';
import { chiSquareSurvival } from './survival/chi-square.ts';

/**
 * Exact interval of the mean of a Poisson count (Garwood, 1936): from half the lower quantile of chi-square with 2k degrees of freedom to half the upper
 * one with 2k + 2. Divided by the time that was watched it is the interval of a rate.
 *
 * @param count how often it happened, a whole number
 * @throws RangeError for anything else
 */
export function poissonInterval(count: number, level = 0.95): Interval {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count: ${count}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`not a level: ${level}`);
  const tail = (1 - level) / 2;
  return {
    lo: count === 0 ? 0 : chiSquareQuantile(1 - tail, 2 * count) / 2,
    hi: chiSquareQuantile(tail, 2 * count + 2) / 2,
  };
}

/** The x with P(X > x) = survival, by halving. */
function chiSquareQuantile(survival: number, degreesOfFreedom: number): number {
  let [low, high] = [0, degreesOfFreedom + 10];
  while (chiSquareSurvival(high, degreesOfFreedom) > survival) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (chiSquareSurvival(middle, degreesOfFreedom) > survival) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
