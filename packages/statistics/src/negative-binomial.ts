import { betaTails } from './beta.ts';

/**
 * P(X ≤ x) of the negative binomial distribution with this mean and variance mean + mean²/size (a Poisson count whose mean
 * was drawn from a gamma distribution of shape `size`; Greenwood & Yule, 1920), through the incomplete beta function.
 * Precise in the lower tail. `x` is a count, mean and size are above 0.
 */
export function negativeBinomialCdf(x: number, mean: number, size: number): number {
  if (!Number.isSafeInteger(x) || x < 0) throw new RangeError(`not a count: ${x}`);
  if (!(mean > 0 && size > 0 && Number.isFinite(mean + size))) {
    throw new RangeError(`not a mean and a size: ${mean}, ${size}`);
  }
  return betaTails(size / (size + mean), size, x + 1, mean / (size + mean)).lower;
}
