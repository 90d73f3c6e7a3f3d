import type { Window } from './windows.ts';

/** What is judged by itself: a stage for everybody (`segment` `''`) or for one value (`plan:pro`), for one touchpoint or as a whole. */
export interface SeriesKey {
  readonly stage: string;
  readonly segment: string;
  readonly touchpoint: string | null;
}

/** `n` entries of a window, of which `k` dropped off (were stalled, …); `k` is 0 for a volume. */
export interface CountedWindow extends Window {
  readonly k: number;
  readonly n: number;
  /**
   * All events that the units of the journey sent while this window's entries were observed (from `fromUs` to `toUs` plus the
   * horizon), whatever their stage; null if it isn't known. With it an outage of the intake is told from a drop-off.
   */
  readonly events: number | null;
}

/** What one evaluation has read of a series. */
export type SeriesReading =
  | {
      readonly status: 'read';
      readonly key: SeriesKey;
      readonly current: CountedWindow;
      /** Past windows in any order; those that reach into the current one are passed over. */
      readonly baseline: readonly CountedWindow[];
    }
  | { readonly status: 'no-data' | 'late-data' | 'query-failed'; readonly key: SeriesKey };

/** A key as one text: equal exactly for equal keys. */
export function seriesId({ stage, segment, touchpoint }: SeriesKey): string {
  return JSON.stringify(touchpoint === null ? [stage, segment] : [stage, segment, touchpoint]);
}

/** The order in which series are listed: by stage, segment, touchpoint as texts. */
export function compareSeries(a: SeriesKey, b: SeriesKey): number {
  const [x, y] = [seriesId(a), seriesId(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
