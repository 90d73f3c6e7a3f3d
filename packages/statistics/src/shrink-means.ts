import { pauleMandel, weightedMean } from './between-variance.ts';
import { assertSample, type Sample } from './mean.ts';
import { morrisShrinkage } from './morris.ts';
import { normalCriticalValue } from './normal.ts';

const OWN_VARIANCE_N_MIN = 30;

export interface ShrunkMean {
  readonly n: number;
  /** The cell's own mean. */
  readonly mean: number;
  /** The mean drawn towards the grand mean. */
  readonly shrunk: number;
  readonly lo: number;
  readonly hi: number;
  /** Share of the cell's own mean in `shrunk`, 0 … 1. */
  readonly weight: number;
}

export interface ShrunkMeans {
  readonly grandMean: number;
  /** Estimated variance between the true means. */
  readonly betweenVariance: number;
  readonly cells: readonly ShrunkMean[];
}

/** Variances of the cells' means: below 30 values from the pooled variance within cells, else from their own. */
function samplingVariances(cells: readonly Sample[]): number[] | null {
  let [squares, df] = [0, 0];
  for (const { n, variance } of cells) {
    if (n < 2 || variance === null) continue;
    squares += (n - 1) * variance;
    df += n - 1;
  }
  if (squares === 0) return null;
  const pooled = squares / df;
  return cells.map(({ n, variance }) => (n >= OWN_VARIANCE_N_MIN && variance ? variance : pooled) / n);
}

/**
 * Means of cells drawn towards their grand mean, the more the less they hold: parametric empirical Bayes with the
 * corrections of Morris (1983) for the estimated variance between cells (Paule & Mandel, 1982). The intervals
 * hold the true mean in `level` of the cells, over cells, not in each one. Every cell needs n ≥ 1. null when there is
 * nothing to learn the spreads from: fewer than four cells, or no spread within any.
 */
export function shrinkMeans(cells: readonly Sample[], level = 0.95): ShrunkMeans | null {
  const z = normalCriticalValue(level);
  for (const cell of cells) {
    assertSample(cell);
    if (cell.n === 0) throw new RangeError('a cell without data cannot be shrunk');
  }
  const variances = samplingVariances(cells);
  if (cells.length < 4 || variances === null) return null;
  const means = cells.map(({ mean }) => mean);
  const range = Math.max(...means) - Math.min(...means);
  const betweenVariance = pauleMandel(means, (between) => variances.map((v) => v + between), range * range);
  const { mean: grandMean } = weightedMean(
    means,
    variances.map((v) => v + betweenVariance),
  );
  const shrunk = morrisShrinkage(means, variances, betweenVariance);
  return {
    grandMean,
    betweenVariance,
    cells: cells.map(({ n, mean }, i) => {
      const { value, variance, weight } = shrunk[i] ?? { value: mean, variance: 0, weight: 1 };
      const half = z * Math.sqrt(variance);
      return { n, mean, shrunk: value, lo: value - half, hi: value + half, weight };
    }),
  };
}
