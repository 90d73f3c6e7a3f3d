import { type RiskRow, riskTable } from '@michinori/statistics';

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

/**
 * Customers advance at a constant rate, are lost at another one, and are watched for a uniform time between
 * `watchedMin` and `watchedMax`, as if they had entered evenly over a period. Times are rounded to `grain`.
 */
export interface World {
  readonly advanceRate: number;
  readonly lossRate: number;
  readonly watchedMin: number;
  readonly watchedMax: number;
  readonly grain?: number;
}

export function cohortOf(n: number, world: World, random: () => number): RiskRow[] {
  const grain = world.grain ?? 1e-6;
  const rounded = (time: number) => Math.round(time / grain) * grain;
  const draws = Array.from({ length: n }, () => {
    const settled = -Math.log(1 - random()) / (world.advanceRate + world.lossRate);
    const watched = world.watchedMin + (world.watchedMax - world.watchedMin) * random();
    const advances = random() * (world.advanceRate + world.lossRate) < world.advanceRate;
    if (rounded(settled) > rounded(watched)) return { seconds: rounded(watched), outcome: 'open' as const };
    return { seconds: rounded(settled), outcome: advances ? ('advanced' as const) : ('lost' as const) };
  });
  return riskTable(draws);
}

/** Share that has advanced by `time`. */
export function trueShare({ advanceRate, lossRate }: World, time: number): number {
  const total = advanceRate + lossRate;
  return (advanceRate / total) * (1 - Math.exp(-total * time));
}

/** Mean of min(time to advance, tau), lost customers counting as tau. */
export function trueRestrictedMean({ advanceRate, lossRate }: World, tau: number): number {
  const total = advanceRate + lossRate;
  return tau - (advanceRate / total) * (tau - (1 - Math.exp(-total * tau)) / total);
}
