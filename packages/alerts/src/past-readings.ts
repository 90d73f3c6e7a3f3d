import type { Journey } from '@michinori/journey';
import type { Calendar, Day } from './calendar.ts';
import { type DailySeries, dailyReadings, knownBy, knownSeries, readingsBy, seriesKeyOf } from './daily-readings.ts';
import { planStage, rangeOf } from './daily-windows.ts';
import type { RuleState } from './episode.ts';
import type { AlertRule } from './rule.ts';
import { type SeriesReading, seriesId } from './series.ts';
import { watchedStages } from './watched.ts';

/** What was counted otherwise at an evaluation, because something hadn't been received yet: to be added to the counts of the days. */
export interface Correction {
  /** By segment (null: everybody together), as {@link History.series}. */
  readonly series: ReadonlyMap<string | null, readonly DailySeries[]>;
  readonly events: ReadonlyMap<Day, number>;
}

/** Everything that a replay reads, day by day. */
export interface History {
  /** By what the rule is read by, see `readingsBy`; all days of the past. */
  readonly series: ReadonlyMap<string | null, readonly DailySeries[]>;
  /** Events of all days. */
  readonly events: ReadonlyMap<Day, number>;
  /** When the last event arrived up to each evaluation, µs; an evaluation that isn't in it had none. */
  readonly latestUs: ReadonlyMap<number, number>;
  /** What was learned of the stages, µs by id, see `judgedAfterUs`; empty of rules that learn nothing. */
  readonly learned: ReadonlyMap<string, number>;
  /** By evaluation. */
  readonly corrections: ReadonlyMap<number, Correction>;
}

export interface PastReadingsOptions {
  readonly calendar: Calendar;
  /** Series of one segment at most, those with the most entries in the windows, besides those with open episodes. */
  readonly seriesMax: number;
  /** Without any event for so long before an evaluation, nothing is judged. */
  readonly lateAfterMs: number;
}

/** What a rule would have read in the past: the same readings, given the same counts, as an evaluation that happens now. Pure. */
export function pastReadings(
  rule: AlertRule,
  journey: Journey,
  history: History,
  { calendar, seriesMax, lateAfterMs }: PastReadingsOptions,
): (evaluationUs: number, before: RuleState) => SeriesReading[] {
  const stages = watchedStages(rule, journey);
  const places = new Map(journey.stages.map(({ id }, place) => [id, place]));
  return (evaluationUs, before) => {
    const plans = stages.map((stage) =>
      planStage(rule, stage, calendar, evaluationUs, history.learned.get(stage.id) ?? null),
    );
    const range = rangeOf(plans);
    if (range === null) return [];
    const known = knownSeries(rule, journey, plans, before);
    const latestUs = history.latestUs.get(evaluationUs);
    if (latestUs !== undefined && evaluationUs - latestUs > lateAfterMs * 1000)
      return known.map((key) => ({ status: 'late-data', key }));
    const correction = history.corrections.get(evaluationUs);
    const events = correction === undefined ? history.events : sumOfDays(history.events, correction.events);
    const [fromDay, toDay] = [calendar.dayOf(range.fromUs), calendar.dayOf(range.toUs)];
    return readingsBy(rule, journey).flatMap((by) => {
      const own = knownBy(known, by);
      const counted = corrected(history.series.get(by) ?? [], correction?.series.get(by) ?? []);
      const within = counted.flatMap((each) => cutTo(each, fromDay, toDay));
      const wanted = new Set(own.map(seriesId));
      const isWanted = (each: DailySeries) => wanted.has(seriesId(seriesKeyOf(each, by)));
      const series = largest(within, seriesMax, { isWanted, places });
      return dailyReadings(plans, { by, known: own, series }, events, calendar);
    });
  };
}

function sumOfDays(days: ReadonlyMap<Day, number>, more: ReadonlyMap<Day, number>): Map<Day, number> {
  const sums = new Map(days);
  for (const [day, count] of more) sums.set(day, (sums.get(day) ?? 0) + count);
  return sums;
}

/** The days of a series in [fromDay, toDay); nothing where it has none. Days are in order. */
function cutTo(series: DailySeries, fromDay: Day, toDay: Day): DailySeries[] {
  const days = series.days.filter(({ day, n }) => day >= fromDay && day < toDay && n > 0);
  return days.length === 0 ? [] : [{ ...series, days }];
}

const textOf = ({ stage, value, touchpoint }: DailySeries): string => JSON.stringify([stage, value, touchpoint]);

function corrected(series: readonly DailySeries[], corrections: readonly DailySeries[]): readonly DailySeries[] {
  if (corrections.length === 0) return series;
  const more = new Map(corrections.map((each) => [textOf(each), each]));
  const changed = series.map((each) => {
    const own = more.get(textOf(each));
    more.delete(textOf(each));
    return own === undefined ? each : { ...each, days: addDays(each.days, own.days) };
  });
  return [...changed, ...more.values()];
}

function addDays(days: DailySeries['days'], more: DailySeries['days']): DailySeries['days'] {
  const sums = new Map(days.map((each) => [each.day, each]));
  for (const { day, n, k } of more) {
    const before = sums.get(day) ?? { day, n: 0, k: 0 };
    sums.set(day, { day, n: before.n + n, k: before.k + k });
  }
  return [...sums.values()];
}

/** The wanted series first, then those with the most entries; ties by stage, value and touchpoint, as the store breaks them. */
function largest(
  series: readonly DailySeries[],
  seriesMax: number,
  {
    isWanted,
    places,
  }: { readonly isWanted: (series: DailySeries) => boolean; readonly places: ReadonlyMap<string, number> },
): readonly DailySeries[] {
  if (series.length <= seriesMax) return series;
  const sized = series.map((each) => ({
    each,
    rank: isWanted(each) ? 0 : 1,
    size: each.days.reduce((sum, { n }) => sum + n, 0),
    place: places.get(each.stage) ?? 0,
    text: `${each.value}\0${each.touchpoint ?? ''}`,
  }));
  sized.sort((a, b) => a.rank - b.rank || b.size - a.size || a.place - b.place || (a.text < b.text ? -1 : 1));
  return sized.slice(0, seriesMax).map(({ each }) => each);
}
