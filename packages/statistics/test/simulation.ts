/** How many truths a simulation draws: 2 000 show 93–97 %; fewer widen the band by what chance adds. */
export const runs = Math.max(200, Number(process.env.MICHINORI_TEST_RUNS ?? 500));

/** Mulberry32: a seeded generator, so that a failure can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Random = () => number;

export function binomial(random: Random, n: number, rate: number): number {
  let k = 0;
  for (let i = 0; i < n; i++) if (random() < rate) k++;
  return k;
}

/** Exponential with mean 1. */
export const exponential = (random: Random): number => -Math.log(1 - random());

/** Standard normal (Box & Muller, 1958). */
export const normal = (random: Random): number => Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random());

/** Poisson, by counting exponential steps. */
export function poisson(random: Random, mean: number): number {
  let count = -1;
  for (let reached = 0; reached < mean; count++) reached += exponential(random);
  return Math.max(0, count);
}

/** Gamma with shape ≥ 1 (Marsaglia & Tsang, 2000). */
function gamma(random: Random, shape: number): number {
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Beta with parameters ≥ 1. */
export function beta(random: Random, a: number, b: number): number {
  const [x, y] = [gamma(random, a), gamma(random, b)];
  return x / (x + y);
}

export const between = (random: Random, lo: number, hi: number): number => lo + (hi - lo) * random();

/** Sample mean and variance of values. */
export function summary(values: readonly number[]): { n: number; mean: number; variance: number | null } {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { n, mean, variance: n < 2 ? null : squares / (n - 1) };
}
