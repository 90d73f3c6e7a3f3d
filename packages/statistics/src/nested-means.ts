/** A possible variance and how likely it is before the data, as a logarithm without a constant. */
export interface GridPoint {
  readonly variance: number;
  readonly logPrior: number;
}

/** Observations of one group: their values, and the variance of each around the mean of the group, at a spread. */
export interface NestedGroup {
  readonly values: readonly number[];
  varianceOf(index: number, spread: number): number;
}

/** The mean of the asked group at one spread between observations. */
export interface NestedMean {
  /** log of the likelihood of this spread, without a constant that is common to all. */
  readonly logLikelihood: number;
  readonly mean: number;
  /** Variance of the true mean around `mean`. */
  readonly variance: number;
}

interface Summary {
  readonly precision: number;
  readonly mean: number;
  readonly logLikelihood: number;
}

/** Precision, mean and log-likelihood of the observations of a group around their own mean. */
function summarise({ values, varianceOf }: NestedGroup, spread: number): Summary {
  let [precision, sum, squares, logLikelihood] = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const variance = varianceOf(i, spread);
    precision += 1 / variance;
    sum += value / variance;
    squares += (value * value) / variance;
    logLikelihood -= 0.5 * Math.log(variance);
  }
  if (precision === 0) return { precision, mean: 0, logLikelihood };
  const mean = sum / precision;
  return { precision, mean, logLikelihood: logLikelihood - 0.5 * (squares - sum * mean + Math.log(precision)) };
}

/** Posterior of the asked group's mean when the means of groups vary by `between`; the likelihood without that of the groups. */
function cellAt(summaries: readonly Summary[], own: Summary | undefined, between: number): Cell {
  let [total, sum, squares, logLikelihood] = [0, 0, 0, 0];
  for (const { precision, mean } of summaries) {
    if (precision === 0) continue;
    const weight = precision / (1 + precision * between);
    total += weight;
    sum += weight * mean;
    squares += weight * mean * mean;
    logLikelihood += 0.5 * Math.log(weight);
  }
  const common = sum / total;
  const precision = own?.precision ?? 0;
  const share = (between * precision) / (1 + between * precision);
  return {
    logLikelihood: logLikelihood - 0.5 * (squares - sum * common + Math.log(total)),
    mean: common + share * ((own?.mean ?? 0) - common),
    variance: between * (1 - share) + (1 - share) ** 2 / total,
  };
}

/**
 * Mean of one group (`asked`) among groups whose means differ around a common one: normal random effects in two layers
 * with the common mean integrated out (the restricted likelihood of Patterson & Thompson, 1971), and the variance between
 * groups integrated over a grid with a prior instead of being estimated once, so that few observations give wide answers
 * (Gelman, 2006). Groups may be empty, also the asked one, but not all of them.
 *
 * @returns one entry per variance of `spreads`, in their order; mean and variance are those of the mixture over `betweens`
 */
export function nestedMeans(
  groups: readonly NestedGroup[],
  asked: number,
  spreads: readonly number[],
  betweens: readonly GridPoint[],
): NestedMean[] {
  return spreads.map((spread) => {
    const summaries = groups.map((group) => summarise(group, spread));
    const within = summaries.reduce((sum, { logLikelihood }) => sum + logLikelihood, 0);
    const cells = betweens.map(({ variance, logPrior }) => {
      const cell = cellAt(summaries, summaries[asked], variance);
      return { ...cell, logLikelihood: cell.logLikelihood + within + logPrior };
    });
    return mixtureOf(cells);
  });
}

interface Cell {
  readonly logLikelihood: number;
  readonly mean: number;
  readonly variance: number;
}

function mixtureOf(cells: readonly Cell[]): NestedMean {
  const highest = Math.max(...cells.map(({ logLikelihood }) => logLikelihood));
  let [weight, mean, square] = [0, 0, 0];
  for (const cell of cells) {
    const share = Math.exp(cell.logLikelihood - highest);
    weight += share;
    mean += share * cell.mean;
    square += share * (cell.variance + cell.mean ** 2);
  }
  mean /= weight;
  return { logLikelihood: highest + Math.log(weight), mean, variance: square / weight - mean ** 2 };
}
