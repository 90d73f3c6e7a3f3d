import type { Journey } from '@michinori/journey';
import type { Calendar, Day } from './calendar.ts';
import { type CountedDay, readingOf, type StagePlan } from './daily-windows.ts';
import type { RuleState } from './episode.ts';
import type { AlertRule } from './rule.ts';
import { type SeriesKey, type SeriesReading, seriesId } from './series.ts';
import { isWatched } from './watched.ts';

/** One series as it is read: what is counted by itself, day by day. */
export interface DailySeries {
  readonly stage: string;
  /** Value of the segment that was asked for; `''` where there is none. */
  readonly value: string;
  readonly touchpoint: string | null;
  readonly days: readonly CountedDay[];
}

/** The key of a series that was read by a segment of the journey; `by` null: everybody together. */
export function seriesKeyOf({ stage, value, touchpoint }: Omit<DailySeries, 'days'>, by: string | null): SeriesKey {
  return { stage, segment: by === null ? '' : `${by}:${value}`, touchpoint };
}

/** The opposite of {@link seriesKeyOf}: the value of the key's segment. */
export function segmentValue({ segment }: Pick<SeriesKey, 'segment'>): string {
  return segment.slice(segment.indexOf(':') + 1);
}

const isOf = (segment: string, by: string | null): boolean =>
  by === null ? segment === '' : segment.startsWith(`${by}:`);

/** What a rule is read by: everybody together (null), and those of its segments that the journey has. */
export function readingsBy(rule: Pick<AlertRule, 'by'>, journey: Pick<Journey, 'segments'>): (string | null)[] {
  return [null, ...rule.by.filter((name) => journey.segments.includes(name))];
}

/** The series that a rule has whatever can be read: everybody at each watched stage, and watched series whose episodes are open. */
export function knownSeries(
  rule: AlertRule,
  journey: Journey,
  plans: readonly StagePlan[],
  { series }: RuleState,
): SeriesKey[] {
  const everybody =
    rule.kind === 'touchpoint-drop-off'
      ? []
      : plans.map(({ stage }): SeriesKey => ({ stage: stage.id, segment: '', touchpoint: null }));
  const ids = new Set(everybody.map(seriesId));
  const open = series
    .filter(({ key, episode }) => episode !== null && !ids.has(seriesId(key)) && isWatched(rule, journey, key))
    .map(({ key }) => key);
  return [...everybody, ...open];
}

/** Those of the known series that are read by a segment (null: by none). */
export const knownBy = (known: readonly SeriesKey[], by: string | null): SeriesKey[] =>
  known.filter(({ segment }) => isOf(segment, by));

/**
 * The readings of one segment of a rule: of the known series, with zeros where nothing was counted, and of all that were read. Pure.
 *
 * @param events of all days
 */
export function dailyReadings(
  plans: readonly StagePlan[],
  { by, known, series }: { by: string | null; known: readonly SeriesKey[]; series: readonly DailySeries[] },
  events: ReadonlyMap<Day, number>,
  calendar: Calendar,
): SeriesReading[] {
  const found = new Map(series.map((each) => [seriesId(seriesKeyOf(each, by)), each]));
  const keys = new Map(
    [...known, ...series.map((each) => seriesKeyOf(each, by))].map((key) => [seriesId(key), key] as const),
  );
  return [...keys].flatMap(([id, key]) => {
    const plan = plans.find(({ stage }) => stage.id === key.stage);
    return plan === undefined ? [] : [readingOf(plan, key, { days: found.get(id)?.days ?? [], events }, calendar)];
  });
}
