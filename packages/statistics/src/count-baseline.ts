import { negativeBinomialCdf } from './negative-binomial.ts';
import { type NestedGroup, nestedMeans } from './nested-means.ts';
import { varianceGrid } from './variance-grid.ts';
import { posteriorOf, priorOf } from './variance-prior.ts';

/** Events of a past window, and the group of windows that it is alike, such as those that begin on a Monday. */
export interface CountWindow {
  readonly count: number;
  readonly group: number;
}

/** Negative binomial for the next window, given one possible over-dispersion; `weight` is how probable that is. */
export interface CountComponent {
  readonly weight: number;
  readonly mean: number;
  readonly size: number;
}

export interface CountBaseline {
  /** Expected count; 0 if nothing was ever counted, and then there are no components. */
  readonly mean: number;
  readonly components: readonly CountComponent[];
}

// Deviations as shares of the mean: windows of equal length vary by about a tenth, weekdays by a third.
const overDispersions = varianceGrid({ from: 0.01, to: 1.5, scale: 0.1, points: 12 });
const betweenGroups = varianceGrid({ from: 0.05, to: 1.5, scale: 0.4, points: 9 });
const noGroups = overDispersions.slice(0, 1);
const spreads = overDispersions.map(({ variance }) => variance);
const dispersionPrior = priorOf(overDispersions);

/**
 * The baseline of a count from past windows of equal length, for the next window of a group. Poisson with a relative
 * variance φ between windows (variance μ + φμ²) and a relative variance between groups, both integrated over as those of
 * rates are. The order of the windows has no influence.
 */
export function countBaseline(windows: readonly CountWindow[], group: number): CountBaseline {
  for (const { count } of windows) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count: ${count}`);
  }
  const sorted = [...windows].sort((x, y) => x.group - y.group || x.count - y.count);
  const average = sorted.reduce((sum, { count }) => sum + count, 0) / sorted.length;
  if (!(average > 0)) return { mean: 0, components: [] };
  const keys = [...new Set([group, ...sorted.map((window) => window.group)])].sort((x, y) => x - y);
  const groups = keys.map((key): NestedGroup => {
    const values = sorted.filter((window) => window.group === key).map(({ count }) => count / average);
    const level = (values.reduce((sum, value) => sum + value, 0) + 1) / (values.length + 1);
    return { values, varianceOf: (_, phi) => level / average + phi * level ** 2 };
  });
  const found = nestedMeans(groups, keys.indexOf(group), spreads, keys.length === 1 ? noGroups : betweenGroups);
  const weights = posteriorOf(
    dispersionPrior,
    found.map(({ logLikelihood }) => logLikelihood),
  );
  const components = found.map(({ mean, variance }, i) => {
    const positive = Math.max(mean, 0.5 / (average * sorted.length));
    const size = 1 / ((spreads[i] ?? 0) + variance / positive ** 2);
    return { weight: weights[i] ?? 0, mean: positive * average, size };
  });
  return { mean: components.reduce((sum, { weight, mean }) => sum + weight * mean, 0), components };
}

/** P(X ≤ count) for the next window: the negative-binomial lower tail, averaged; 1 without a baseline. */
export function countLowerTail({ components }: CountBaseline, count: number): number {
  if (components.length === 0) return 1;
  return Math.min(
    1,
    components.reduce((sum, { weight, mean, size }) => sum + weight * negativeBinomialCdf(count, mean, size), 0),
  );
}
