import { bisect } from './bisect.ts';

export interface WeightedMean {
  readonly mean: number;
  /** Sum of the weights 1/variance. */
  readonly precision: number;
}

/** Mean weighted by 1/variance. */
export function weightedMean(values: readonly number[], variances: readonly number[]): WeightedMean {
  let [sum, precision] = [0, 0];
  values.forEach((value, i) => {
    const weight = 1 / (variances[i] ?? Infinity);
    precision += weight;
    sum += weight * value;
  });
  return { mean: sum / precision, precision };
}

/**
 * Moment estimator of Paule & Mandel (1982): the variance between the true values at which the weighted squares
 * Σ (value − mean)²/total variance reach their expectation k − 1; 0 if they fall short of it already without any.
 * `totals(b)` are the variances of the values when the true ones vary by b; they grow with b.
 */
export function pauleMandel(
  values: readonly number[],
  totals: (between: number) => readonly number[],
  max: number,
): number {
  const isBelow = (between: number) => {
    const variances = totals(between);
    const { mean } = weightedMean(values, variances);
    const squares = values.reduce((sum, value, i) => sum + (value - mean) ** 2 / (variances[i] ?? Infinity), 0);
    return squares > values.length - 1;
  };
  if (!isBelow(0)) return 0;
  return isBelow(max) ? max : bisect(0, max, isBelow);
}
