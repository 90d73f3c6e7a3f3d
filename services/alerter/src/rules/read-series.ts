import {
  type AlertRule,
  calendarOf,
  isWatched,
  judgedAfterUs,
  type RuleState,
  type SeriesKey,
  type SeriesReading,
  seriesId,
  watchedStages,
} from '@michinori/alerts';
import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import {
  type ActiveDerivation,
  type DailySeries,
  readDailyCounts,
  readDailyEvents,
  readWatermark,
} from '@michinori/queries';
import { planStage, rangeOf, readingOf, type StagePlan } from './daily-windows.ts';
import { learnStalling } from './learn-stalling.ts';

export interface ReadSeriesOptions extends QueryOptions {
  /** Series of one segment at most. */
  readonly seriesMax: number;
  /** Without any event received for so long before an evaluation, nothing is judged. */
  readonly lateAfterMs: number;
}

/** What one evaluation reads of a rule. */
export interface ReadSeries {
  readonly readings: readonly SeriesReading[];
  readonly failures: readonly unknown[];
  /** Series beyond `seriesMax`, which aren't judged. */
  readonly omitted: number;
}

/**
 * Reads the series of a rule as of an instant: one question for everybody, one for each segment of the rule, one for the events of the days.
 * What can't be read is `query-failed`, everything is `late-data` if nothing was received for long. Never rejects.
 *
 * @param state of the rule before: its open episodes are read however small they are
 */
export async function readSeries(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  rule: AlertRule,
  state: RuleState,
  evaluationUs: number,
  { seriesMax, lateAfterMs, ...options }: ReadSeriesOptions,
): Promise<ReadSeries> {
  const { journey } = active;
  const calendar = calendarOf(journey.timezone);
  const plan = (learned: ReadonlyMap<string, number>): StagePlan[] =>
    watchedStages(rule, journey).map((stage) =>
      planStage(rule, stage, calendar, evaluationUs, learned.get(stage.id) ?? null),
    );
  let plans = plan(new Map());
  if (plans.length === 0) return { readings: [], failures: [], omitted: 0 };
  const all = (status: 'late-data' | 'query-failed') =>
    knownKeys(rule, journey, plans, state).map((key) => ({ status, key }));

  let events: ReadonlyMap<number, number>;
  let range: ReturnType<typeof rangeOf>;
  try {
    const watermark = await readWatermark(clickhouse, options);
    if (watermark !== null && evaluationUs - watermark.receivedAtUs > lateAfterMs * 1000)
      return { readings: all('late-data'), failures: [], omitted: 0 };
    plans = plan(await learnStalling(clickhouse, active, rule, { calendar, evaluationUs }, options));
    range = rangeOf(plans);
    if (range === null) return { readings: [], failures: [], omitted: 0 };
    const asked = { fromUs: range.fromUs, toUs: evaluationUs, timezone: journey.timezone };
    events = await readDailyEvents(clickhouse, asked, options);
  } catch (error) {
    return { readings: all('query-failed'), failures: [error], omitted: 0 };
  }

  const asked = {
    ...range,
    kind: rule.kind,
    asOfUs: evaluationUs,
    horizonsUs: journey.stages.map(
      (stage) => plans.find((each) => each.stage.id === stage.id)?.horizonUs ?? judgedAfterUs(rule, stage),
    ),
    stages: plans.map(({ stage }) => stage.id),
    seriesMax,
  };
  const readings: SeriesReading[] = [];
  const failures: unknown[] = [];
  let omitted = 0;
  for (const by of [null, ...rule.by.filter((name) => journey.segments.includes(name))]) {
    const known = knownKeys(rule, journey, plans, state).filter(({ segment }) => isOf(segment, by));
    try {
      const keep = known.map(({ stage, segment, touchpoint }) => ({ stage, value: valueIn(segment), touchpoint }));
      const counts = await readDailyCounts(clickhouse, active, { ...asked, by, keep }, options);
      omitted += counts.omitted;
      const found = new Map(counts.series.map((series) => [seriesId(keyOf(series, by)), series]));
      const keys = new Map(
        [...known, ...counts.series.map((series) => keyOf(series, by))].map((key) => [seriesId(key), key]),
      );
      for (const [id, key] of keys) {
        const plan = plans.find(({ stage }) => stage.id === key.stage);
        if (plan !== undefined)
          readings.push(readingOf(plan, key, { days: found.get(id)?.days ?? [], events }, calendar));
      }
    } catch (error) {
      failures.push(error);
      readings.push(...known.map((key) => ({ status: 'query-failed' as const, key })));
    }
  }
  return { readings, failures, omitted };
}

const keyOf = ({ stage, value, touchpoint }: DailySeries, by: string | null): SeriesKey => ({
  stage,
  segment: by === null ? '' : `${by}:${value}`,
  touchpoint,
});

const isOf = (segment: string, by: string | null): boolean =>
  by === null ? segment === '' : segment.startsWith(`${by}:`);

const valueIn = (segment: string): string => segment.slice(segment.indexOf(':') + 1);

/** Everybody at each watched stage, and the watched series whose episodes are open: there whatever can be read. */
function knownKeys(rule: AlertRule, journey: Journey, plans: readonly StagePlan[], { series }: RuleState): SeriesKey[] {
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
