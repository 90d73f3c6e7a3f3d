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

/** As many factors of ordinary size as can be multiplied before the logarithm is taken. */
const FACTORS = 16;

/** Precision, mean and log-likelihood of the observations of a group around their own mean. */
function summarise({ values, varianceOf }: NestedGroup, spread: number): Summary {
  let [precision, sum, squares, logVariances, product] = [0, 0, 0, 0, 1];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const variance = varianceOf(i, spread);
    const weighted = value / variance;
    precision += 1 / variance;
    sum += weighted;
    squares += weighted * value;
    product *= variance;
    if (i % FACTORS === FACTORS - 1) {
      logVariances += Math.log(product);
      product = 1;
    }
  }
  logVariances += Math.log(product);
  if (precision === 0) return { precision, mean: 0, logLikelihood: 0 };
  const mean = sum / precision;
  return { precision, mean, logLikelihood: -0.5 * (logVariances + squares - sum * mean + Math.log(precision)) };
}

/** Posterior of the asked group's mean when the means of groups vary by `between`; `logLikelihood` is added to that of the groups' means. */
function cellAt(summaries: readonly Summary[], asked: number, between: number, logLikelihood: number): Cell {
  let [total, sum, squares, logWeights, product] = [0, 0, 0, 0, 1];
  for (let i = 0; i < summaries.length; i++) {
    const { precision = 0, mean = 0 } = summaries[i] ?? {};
    if (precision === 0) continue;
    const weight = precision / (1 + precision * between);
    total += weight;
    sum += weight * mean;
    squares += weight * mean * mean;
    product *= weight;
    if (i % FACTORS === FACTORS - 1) {
      logWeights += Math.log(product);
      product = 1;
    }
  }
  const common = sum / total;
  const { precision = 0, mean = 0 } = summaries[asked] ?? {};
  const share = (between * precision) / (1 + between * precision);
  return {
    logLikelihood: logLikelihood + 0.5 * (logWeights + Math.log(product / total) - squares + sum * common),
    mean: common + share * (mean - common),
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
    const cells = betweens.map(({ variance, logPrior }) => cellAt(summaries, asked, variance, within + logPrior));
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
