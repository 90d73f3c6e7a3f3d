import type { GridPoint } from './nested-means.ts';

/** Probabilities of the variances of a grid, in its order; they add up to 1. */
export type VariancePrior = readonly number[];

/** The prior of a grid as probabilities. */
export function priorOf(grid: readonly GridPoint[]): VariancePrior {
  return posteriorOf(
    grid.map(() => 1),
    grid.map(({ logPrior }) => logPrior),
  );
}

/** Prior times likelihood, as probabilities. */
export function posteriorOf(prior: VariancePrior, logLikelihoods: readonly number[]): number[] {
  const highest = Math.max(...logLikelihoods);
  const products = prior.map((weight, i) => weight * Math.exp((logLikelihoods[i] ?? -Infinity) - highest));
  const total = products.reduce((sum, product) => sum + product, 0);
  return products.map((product) => product / total);
}

const ROUNDS = 40;

/**
 * The prior that many series of a kind suggest for each other: the nonparametric maximum-likelihood mixture over the grid (Laird,
 * 1978) by expectation and maximisation, where `prior` counts as much as `strength` series, so that few series keep it
 * nearly. The order of the series changes nothing but the last digits.
 */
export function pooledPrior(
  series: readonly (readonly number[])[],
  prior: VariancePrior,
  strength: number,
): VariancePrior {
  const likelihoods = series.map((logLikelihoods) => {
    const highest = Math.max(...logLikelihoods);
    return logLikelihoods.map((each) => Math.exp(each - highest));
  });
  let pooled = prior;
  for (let round = 0; round < ROUNDS && series.length > 0; round++) {
    const sums = prior.map((weight) => weight * strength);
    for (const likelihood of likelihoods) {
      let total = 0;
      for (let i = 0; i < likelihood.length; i++) total += (pooled[i] ?? 0) * (likelihood[i] ?? 0);
      for (let i = 0; i < likelihood.length; i++) {
        sums[i] = (sums[i] ?? 0) + ((pooled[i] ?? 0) * (likelihood[i] ?? 0)) / total;
      }
    }
    pooled = sums.map((sum) => sum / (series.length + strength));
  }
  return pooled;
}
