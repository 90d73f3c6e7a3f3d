import { type AlertRule, type CountedWindow, type SeriesReading, weekdayOf } from '@michinori/alerts';
import { dayUs, keyOf } from './helpers.ts';

export type Random = () => number;

/** Mulberry32: a seeded generator, so that a failure can be repeated. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal (Box & Muller, 1958). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Gamma (Marsaglia & Tsang, 2000), also for shapes below 1. */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function beta(random: Random, a: number, b: number): number {
  const [x, y] = [gamma(random, a), gamma(random, b)];
  return x / (x + y);
}

function binomial(random: Random, n: number, rate: number): number {
  let k = 0;
  for (let i = 0; i < n; i++) if (random() < rate) k++;
  return k;
}

function poisson(random: Random, mean: number): number {
  let count = -1;
  for (let reached = 0; reached < mean; count++) reached -= Math.log(1 - random());
  return Math.max(0, count);
}

/** Entries and drop-offs day by day, as sums up to the day: what lies between two days is a difference. */
export interface DailySeries {
  readonly name: string;
  readonly k: readonly number[];
  readonly n: readonly number[];
}

export interface World {
  readonly series: number;
  readonly days: number;
  /** Mean number of entries a day, drawn between these for each series. */
  readonly perDay: readonly [number, number];
  /** Drop-off of each series, drawn between these. */
  readonly rate: readonly [number, number];
  /** Intra-class correlation of the days of a series. */
  readonly rho: (series: number) => number;
  /** Standard deviation of the weekdays' log odds; weekends have half of the entries, too, unless it is 0. */
  readonly weekdays: number;
  /** From this day on the rate is multiplied. */
  readonly change?: { readonly day: number; readonly factor: number };
}

/** Draws a world of stages and segments in which nothing happens but chance, weekdays, and perhaps one change. */
export function drawWorld(random: Random, world: World): DailySeries[] {
  const between = ([lo, hi]: readonly [number, number], share: number) => lo * (hi / lo) ** share;
  return Array.from({ length: world.series }, (_, series) => {
    const [rate, perDay] = [between(world.rate, random()), between(world.perDay, random())];
    const effects = Array.from({ length: 7 }, () => world.weekdays * normal(random));
    const [k, n] = [[0], [0]];
    for (let day = 0; day < world.days; day++) {
      const odds = (rate / (1 - rate)) * Math.exp(effects[day % 7] ?? 0);
      const factor = world.change !== undefined && day >= world.change.day ? world.change.factor : 1;
      const mean = Math.min(0.95, (factor * odds) / (1 + odds));
      const rho = world.rho(series);
      const own = rho === 0 ? mean : beta(random, mean * (1 / rho - 1), (1 - mean) * (1 / rho - 1));
      const entries = poisson(random, perDay * (world.weekdays > 0 && day % 7 >= 5 ? 0.5 : 1));
      n.push((n[day] ?? 0) + entries);
      k.push((k[day] ?? 0) + binomial(random, entries, own));
    }
    return { name: `s${series}`, k, n };
  });
}

/** What an evaluation reads when the newest judged window ends with this day of the world. */
export function readingsAt(rule: AlertRule, world: readonly DailySeries[], endDay: number): SeriesReading[] {
  const windows = Math.floor(rule.baselineDays / rule.windowDays);
  return world.map(({ name, k, n }) => {
    const at = (index: number): CountedWindow => {
      const to = endDay - index * rule.windowDays;
      const from = to - rule.windowDays;
      return {
        ...{ fromUs: from * dayUs, toUs: to * dayUs, weekday: weekdayOf(from), events: null },
        ...{ k: (k[to] ?? 0) - (k[from] ?? 0), n: (n[to] ?? 0) - (n[from] ?? 0) },
      };
    };
    const baseline = Array.from({ length: windows }, (_, i) => at(i + 1)).filter(({ fromUs }) => fromUs >= 0);
    return { status: 'read', key: keyOf(name), current: at(0), baseline };
  });
}

/** The rule that everybody writes first: three standard deviations above the mean of the past rates. */
export function isSpike(reading: SeriesReading, deviations = 3): boolean {
  if (reading.status !== 'read' || reading.current.n < 30) return false;
  const rates = reading.baseline.filter(({ n }) => n > 0).map(({ k, n }) => k / n);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (rates.length - 1);
  return (reading.current.k / reading.current.n - mean) / Math.sqrt(variance) > deviations;
}
