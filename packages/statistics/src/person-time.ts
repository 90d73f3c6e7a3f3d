const BANDS_MIN = 20;
const BANDS_MAX = 100;

/** Events and time at risk with and without an exposure. Times in any unit, the same everywhere. */
export interface ExposureStratum {
  readonly eventsExposed: number;
  readonly timeExposed: number;
  readonly eventsUnexposed: number;
  readonly timeUnexposed: number;
}

/** One stay in a stage; times are counted from entering it. */
export interface Spell {
  /** Time at risk: until it advanced, was lost, or is no longer observed. */
  readonly duration: number;
  /** The first touch; null without one. A touch before entering (≤ 0) exposes the whole stay. */
  readonly touchedAt: number | null;
  readonly advanced: boolean;
}

/**
 * Person-time and advances before and after the touch, in the bands (0, e1], (e1, e2], …, (ek, ∞) of time since
 * entering the stage: one stratum per band. Time before the touch counts as unexposed, also for those touched later
 * (Suissa, 2008: otherwise they are immortal until the touch). A touch at the very instant of advancing came too late
 * to have caused it.
 */
export function personTimeBands(spells: Iterable<Spell>, edges: readonly number[]): ExposureStratum[] {
  if (!edges.every((edge) => edge > 0)) throw new RangeError(`not all edges above 0: ${edges}`);
  const sorted = [...edges].sort((x, y) => x - y);
  const bands = [...sorted, Infinity].map((end, i) => ({
    start: sorted[i - 1] ?? 0,
    end,
    stratum: { eventsExposed: 0, timeExposed: 0, eventsUnexposed: 0, timeUnexposed: 0 },
  }));
  for (const { duration, touchedAt, advanced } of spells) {
    if (!(duration >= 0 && duration < Infinity)) throw new RangeError(`not a duration: ${duration}`);
    const touch = touchedAt ?? duration;
    const isExposed = touchedAt !== null && touchedAt < duration;
    for (const { start, end, stratum } of bands) {
      if (start > 0 && duration <= start) break;
      const until = Math.min(duration, end);
      const turn = Math.min(until, Math.max(start, touch));
      stratum.timeUnexposed += turn - start;
      stratum.timeExposed += until - turn;
      if (!advanced || duration > end) continue;
      if (isExposed) stratum.eventsExposed++;
      else stratum.eventsUnexposed++;
    }
  }
  return bands.map(({ stratum }) => stratum);
}

/**
 * Edges that split the time since entering into bands with about equally many advances, so that the hazard is nearly
 * level within each: √advances bands, between 20 and 100, unless told. Many bands cost Mantel–Haenszel next to no
 * precision; too few leave the confounding by time in stage that they are to remove.
 */
export function bandEdges(advanceTimes: readonly number[], bands?: number): number[] {
  const usual = Math.min(BANDS_MAX, Math.max(BANDS_MIN, Math.ceil(Math.sqrt(advanceTimes.length))));
  const wanted = bands ?? usual;
  if (!Number.isSafeInteger(wanted) || wanted < 1) throw new RangeError(`not a number of bands: ${wanted}`);
  const sorted = [...advanceTimes].sort((x, y) => x - y);
  const edges = Array.from({ length: wanted - 1 }, (_, i) => sorted[Math.ceil((sorted.length * (i + 1)) / wanted) - 1]);
  return [...new Set(edges)].filter((edge) => edge !== undefined && edge > 0).map(Number);
}
