import { weightedMean } from './between-variance.ts';

export interface Shrunk {
  readonly value: number;
  /** Variance of the true value around `value`. */
  readonly variance: number;
  /** Share of the own value, 0 … 1. */
  readonly weight: number;
}

/**
 * Shrinkage towards the weighted mean with the corrections of Morris (1983, §5) for the estimated variance `between`:
 * the share of the mean is reduced by (k − 3)/(k − 1), and the variance grows by what the mean and that share
 * are uncertain. `values` have sampling variances `variances`; k ≥ 4 of them.
 */
export function morrisShrinkage(values: readonly number[], variances: readonly number[], between: number): Shrunk[] {
  const k = values.length;
  const totals = variances.map((v) => v + between);
  const { mean, precision } = weightedMean(values, totals);
  const averageVariance = variances.reduce((sum, v, i) => sum + v / (totals[i] ?? Infinity), 0) / precision;
  return values.map((own, i) => {
    const [variance, total] = [variances[i] ?? 0, totals[i] ?? 0];
    const pull = ((k - 3) / (k - 1)) * (variance / total);
    const leverage = 1 / (total * precision);
    const pullVariance = ((2 / (k - 3)) * pull * pull * (averageVariance + between)) / total;
    return {
      value: (1 - pull) * own + pull * mean,
      variance: variance * (1 - (1 - leverage) * pull) + pullVariance * (own - mean) ** 2,
      weight: 1 - pull,
    };
  });
}
