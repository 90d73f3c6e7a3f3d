import {
  type AlertRule,
  calendarOf,
  dailyReadings,
  judgedAfterUs,
  knownBy,
  knownSeries,
  learnedAsOfUs,
  planStage,
  type RuleState,
  rangeOf,
  readingsBy,
  type SeriesReading,
  type StagePlan,
  segmentValue,
  watchedStages,
} from '@michinori/alerts';
import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import {
  type ActiveDerivation,
  learnStalling,
  readDailyCounts,
  readDailyEvents,
  readWatermark,
} from '@michinori/queries';

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
  const everything = knownSeries(rule, journey, plans, state);
  const all = (status: 'late-data' | 'query-failed') => everything.map((key) => ({ status, key }));

  let events: ReadonlyMap<number, number>;
  let range: ReturnType<typeof rangeOf>;
  try {
    const watermark = await readWatermark(clickhouse, options);
    if (watermark !== null && evaluationUs - watermark.receivedAtUs > lateAfterMs * 1000)
      return { readings: all('late-data'), failures: [], omitted: 0 };
    if (rule.beyond !== null) {
      const stages = watchedStages(rule, journey);
      const learning = { stages: stages.map(({ id }) => id), share: rule.beyond };
      const asOfUs = learnedAsOfUs(rule, stages, calendar, evaluationUs);
      plans = plan(await learnStalling(clickhouse, active, { ...learning, asOfUs }, options));
    }
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
  for (const by of readingsBy(rule, journey)) {
    const known = knownBy(everything, by);
    try {
      const keep = known.map((key) => ({ stage: key.stage, value: segmentValue(key), touchpoint: key.touchpoint }));
      const counts = await readDailyCounts(clickhouse, active, { ...asked, by, keep }, options);
      omitted += counts.omitted;
      readings.push(...dailyReadings(plans, { by, known, series: counts.series }, events, calendar));
    } catch (error) {
      failures.push(error);
      readings.push(...known.map((key) => ({ status: 'query-failed' as const, key })));
    }
  }
  return { readings, failures, omitted };
}
