import type { GridPoint } from './nested-means.ts';

/**
 * A grid of variances, from 0 and then in equal steps of log, with the prior of their square roots: half-Cauchy with the
 * given scale (Gelman, 2006), that is flat up to the scale and falling with the square beyond it.
 */
export function varianceGrid(deviation: { from: number; to: number; scale: number; points: number }): GridPoint[] {
  const { from, to, scale, points } = deviation;
  const step = Math.log(to / from) / (points - 1);
  const grid: GridPoint[] = [{ variance: 0, logPrior: Math.log((from * Math.exp(-step / 2)) / step) }];
  for (let i = 0; i < points; i++) {
    const s = from * Math.exp(i * step);
    grid.push({ variance: s * s, logPrior: Math.log(s / (1 + (s / scale) ** 2)) });
  }
  return grid;
}
