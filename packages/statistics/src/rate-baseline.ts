import { betaQuantile } from './beta.ts';
import { betaBinomialUpperTail } from './beta-binomial.ts';
import { type NestedGroup, nestedMeans } from './nested-means.ts';
import { assertProportion, type Interval, type Proportion } from './proportion.ts';
import { varianceGrid } from './variance-grid.ts';
import { pooledPrior, posteriorOf, priorOf, type VariancePrior } from './variance-prior.ts';

/** A past window: `k` of `n`, and the group of windows that it is alike, such as those that begin on a Monday. */
export interface BaselineWindow extends Proportion {
  readonly group: number;
}

/** Beta(a, b) for the rate of a window to come, given one possible over-dispersion; `weight` is how probable that is. */
export interface BetaComponent {
  readonly weight: number;
  readonly a: number;
  readonly b: number;
}

/** What the rate of the next window of a group is going to be if nothing changes. */
export interface RateBaseline {
  /** Expected rate. */
  readonly rate: number;
  /** The Beta(a, b) with mean and variance of the mixture. */
  readonly a: number;
  readonly b: number;
  readonly components: readonly BetaComponent[];
}

/** What past windows say: for every over-dispersion of the grid how likely it makes them, and the Beta(a, b) that follows. */
export interface RateEvidence {
  readonly candidates: readonly { readonly logLikelihood: number; readonly a: number; readonly b: number }[];
}

// Deviations as shares of √(rate·(1 − rate)): 0.03 is 1.2 points at a rate of 20 %, 0.1 is 4 points.
const overDispersions = varianceGrid({ from: 0.005, to: 0.5, scale: 0.1, points: 12 });
const spreads = overDispersions.map(({ variance }) => variance);
const betweenGroups = varianceGrid({ from: 0.01, to: 0.7, scale: 0.1, points: 9 });
const noGroups = overDispersions.slice(0, 1);

/** How much windows of a rate vary where nothing is known of it: half-Cauchy around a tenth of √(rate·(1 − rate)). */
export const dispersionPrior: VariancePrior = priorOf(overDispersions);

/** In how many series the prior is believed when it is learned from many. */
const PRIOR_SERIES = 8;

/** Components that are less probable change no tail that matters. */
const NEGLIGIBLE = 1e-12;

/** k and n added up by group, the group asked for always among them. */
function totalsByGroup(windows: readonly BaselineWindow[], group: number): Map<number, { k: number; n: number }> {
  const totals = new Map([[group, { k: 0, n: 0 }]]);
  for (const window of windows) {
    const { k, n } = totals.get(window.group) ?? { k: 0, n: 0 };
    totals.set(window.group, { k: k + window.k, n: n + window.n });
  }
  return totals;
}

/**
 * What past windows say of the next window of a group (say a weekday). The true rates of windows vary with intra-class correlation ρ
 * (variance ρ·m(1 − m), as in the beta-binomial; Kleinman, 1973), the means of groups with a variance of their own, which
 * is integrated over; the uncertainty of the mean is part of every candidate. Without over-dispersion and groups that is exactly
 * the posterior Beta(Σk + ½, Σ(n − k) + ½) of Jeffreys. Windows without data are passed over; without any the rate is a half and
 * known to nobody. The order of the windows has no influence.
 */
export function rateEvidence(windows: readonly BaselineWindow[], group: number): RateEvidence {
  for (const window of windows) assertProportion(window);
  const used = windows.filter(({ n }) => n > 0).sort((x, y) => x.group - y.group || x.n - y.n || x.k - y.k);
  if (used.length === 0) return { candidates: spreads.map(() => ({ logLikelihood: 0, a: 0.5, b: 0.5 })) };
  const totals = totalsByGroup(used, group);
  const all = used.reduce((sum, { k, n }) => ({ k: sum.k + k, n: sum.n + n }), { k: 0, n: 0 });
  const rate = (all.k + 0.5) / (all.n + 1);
  const singleOf = ({ k, n }: Proportion) => {
    const shrunk = (k + 4 * rate) / (n + 4);
    return shrunk * (1 - shrunk);
  };
  const keys = [...totals.keys()].sort((x, y) => x - y);
  const groups = keys.map((key): NestedGroup => {
    const own = used.filter((window) => window.group === key);
    const single = singleOf(totals.get(key) ?? { k: 0, n: 0 });
    const counts = own.map(({ n }) => n);
    return {
      values: own.map(({ k, n }) => k / n),
      varianceOf: (i, rho) => single * (rho + (1 - rho) / (counts[i] ?? 1)),
    };
  });
  const common = rate * (1 - rate);
  const betweens = keys.length === 1 ? noGroups : betweenGroups;
  const scaled = betweens.map(({ variance, logPrior }) => ({ variance: variance * common, logPrior }));
  const single = singleOf(totals.get(group) ?? { k: 0, n: 0 });
  const found = nestedMeans(groups, keys.indexOf(group), spreads, scaled);
  const candidates = found.map(({ logLikelihood, mean, variance }, i) => {
    const strength = single / variance;
    const centre = (Math.min(1, Math.max(0, mean)) * strength + 0.5) / (strength + 1);
    const rho = spreads[i] ?? 0;
    const observations = 1 / (rho + (1 - rho) / (strength + 2)) - 1;
    return { logLikelihood, a: centre * observations, b: (1 - centre) * observations };
  });
  return { candidates };
}

/**
 * How much windows vary, learned from many series that are watched together: what one series is too short to know, two hundred
 * tell. Few series stay near `dispersionPrior`.
 */
export function pooledDispersion(series: readonly RateEvidence[]): VariancePrior {
  const likelihoods = series.map(({ candidates }) => candidates.map(({ logLikelihood }) => logLikelihood));
  return pooledPrior(likelihoods, dispersionPrior, PRIOR_SERIES);
}

/**
 * The baseline of a rate: the candidates of the evidence, weighed by how probable their over-dispersion is. It is not
 * estimated once and believed: windows that happen to agree leave larger ones possible, so a short baseline is wide.
 */
export function rateBaseline({ candidates }: RateEvidence, prior: VariancePrior = dispersionPrior): RateBaseline {
  const weights = posteriorOf(
    prior,
    candidates.map(({ logLikelihood }) => logLikelihood),
  );
  const components = candidates.flatMap(({ a, b }, i) => {
    const weight = weights[i] ?? 0;
    return weight > NEGLIGIBLE ? [{ weight, a, b }] : [];
  });
  return { ...matched(components), components };
}

/** Mean of a mixture of betas, and the parameters of the one beta with its mean and variance. */
function matched(components: readonly BetaComponent[]): { rate: number; a: number; b: number } {
  let [rate, square] = [0, 0];
  for (const { weight, a, b } of components) {
    const mean = a / (a + b);
    rate += weight * mean;
    square += weight * (mean ** 2 + (mean * (1 - mean)) / (a + b + 1));
  }
  const strength = (rate * (1 - rate)) / (square - rate ** 2) - 1;
  return { rate, a: rate * strength, b: (1 - rate) * strength };
}

/** P(K ≥ k) for the next window of n: the beta-binomial upper tail, averaged over the possible over-dispersions. */
export function rateUpperTail({ components }: RateBaseline, { k, n }: Proportion): number {
  const tail = components.reduce((sum, { weight, a, b }) => sum + weight * betaBinomialUpperTail(k, n, a, b), 0);
  return Math.min(1, tail);
}

/** The range in which the rate of a usual window lies, sampling of the window left aside. */
export function usualRange({ a, b }: RateBaseline, level = 0.95): Interval {
  return { lo: betaQuantile((1 - level) / 2, a, b), hi: betaQuantile((1 + level) / 2, a, b) };
}
