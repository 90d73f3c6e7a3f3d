import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery, runBound } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import { perVisit } from '../journey/path-visits.ts';
import type { ActiveDerivation, JourneyScope } from '../journey/scope.ts';
import { outcomes, visitRows } from '../journey/visits.ts';

/**
 * What is counted of a visit, h being the horizon of its stage: `stage-drop-off`: it had not advanced h after entry. `stalled-share`: it had not
 * ended in any way h after entry. `volume`: nothing, k is 0. `touchpoint-drop-off`: it had not advanced h after the touchpoint first touched it;
 * only visits that were touched count, on the day of that touch.
 */
export type DailyCountsKind = 'stage-drop-off' | 'touchpoint-drop-off' | 'stalled-share' | 'volume';

export interface DailyCountsAsked {
  readonly kind: DailyCountsKind;
  /** A segment of the journey; null: everybody together. */
  readonly by: string | null;
  /** Ids of the stages that are counted; all where it is missing. */
  readonly stages?: readonly string[];
  /** Entries (or first touches) in [fromUs, toUs), µs since 1970. */
  readonly fromUs: number;
  readonly toUs: number;
  /** With what had occurred up to then. A day counts in full once its horizon has passed by then. */
  readonly asOfUs: number;
  /** h of every stage of the journey, µs, in their order. */
  readonly horizonsUs: readonly number[];
  /** Series at most, those with the most visits in the range. */
  readonly seriesMax: number;
  /** Series that are among them however small they are. */
  readonly keep?: readonly { readonly stage: string; readonly value: string; readonly touchpoint: string | null }[];
}

/** One series: what is counted by itself, day by day. */
export interface DailySeries {
  /** Id of the stage. */
  readonly stage: string;
  /** Value of the segment, `''` where it has none, and without `by`. */
  readonly value: string;
  readonly touchpoint: string | null;
  /** Days with visits, ascending; a day is counted from 1 January 1970 in the time zone of the journey. */
  readonly days: readonly { readonly day: number; readonly n: number; readonly k: number }[];
}

export interface DailyCounts {
  /** Those with the most visits first. */
  readonly series: readonly DailySeries[];
  /** Series that were left out, because there are more than `seriesMax`. */
  readonly omitted: number;
}

const seriesRow = z.object({
  stage: z.number(),
  value: z.string(),
  touchpoint: z.string(),
  all: integerColumn,
  days: z.array(z.tuple([z.number(), integerColumn, integerColumn])),
});

/**
 * Reads counts of visits (each, not one per customer) per stage, value of a segment and calendar day of the journey's time zone, with
 * one question. Days without visits are left out.
 *
 * @throws TypeError for a segment that the journey hasn't, and where `horizonsUs` aren't as many as its stages
 */
export async function readDailyCounts(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  asked: DailyCountsAsked,
  options?: QueryOptions,
): Promise<DailyCounts> {
  const { stages } = active.journey;
  const rows = await runBound(clickhouse, dailyCounts(active, asked), options);
  const series = rows.map(
    ({ stage, value, touchpoint, days }): DailySeries => ({
      stage: stages[stage - 1]?.id ?? '',
      value,
      touchpoint: asked.kind === 'touchpoint-drop-off' ? touchpoint : null,
      days: days.map(([day, n, k]) => ({ day, n, k })),
    }),
  );
  return { series, omitted: (rows[0]?.all ?? 0) - rows.length };
}

/** The question of {@link readDailyCounts}. */
export function dailyCounts(active: ActiveDerivation, asked: DailyCountsAsked): BoundQuery<z.output<typeof seriesRow>> {
  const parameters = createParameters();
  const entries = dailyEntries(active, asked, parameters);
  const kept = (asked.keep ?? []).map(
    ({ stage, value, touchpoint: own }) => `${stageNumbers(active).get(stage) ?? 0}\0${value}\0${own ?? ''}`,
  );
  const sql = `SELECT stage, value, touchpoint, count() OVER () AS all, arraySort(groupArray((day, day_n, day_k))) AS days
FROM (
SELECT stage, value, touchpoint, day, count() AS day_n, countIf(counts) AS day_k
FROM (
${entries}
)
GROUP BY stage, value, touchpoint, day
)
GROUP BY stage, value, touchpoint
ORDER BY has(${parameters.bind(kept, 'Array(String)')}, concat(toString(stage), '\\0', value, '\\0', touchpoint)) DESC, sum(day_n) DESC, stage, value, touchpoint
LIMIT ${parameters.bind(asked.seriesMax, 'UInt32')}`;
  const query = defineQuery({
    name: 'alert-daily-counts',
    sql,
    params: anyParameters,
    row: seriesRow,
    settings: journeySettings,
  });
  return { query, values: parameters.values() };
}

const stageNumbers = ({ journey }: ActiveDerivation): ReadonlyMap<string, number> =>
  new Map(journey.stages.map(({ id }, index) => [id, index + 1]));

/**
 * SQL of what is counted, a row per entry (or first touch): `unit_key, stage, value, touchpoint, day`, `at` (µs), and whether it `counts` for k.
 *
 * @param rows stands in for the rows of the derivation, see `visitRows`
 */
export function dailyEntries(
  active: ActiveDerivation,
  asked: Omit<DailyCountsAsked, 'seriesMax' | 'keep'>,
  parameters: Parameters,
  rows?: string,
): string {
  const scope = scopeOf(active, asked);
  const horizons = parameters.bind(asked.horizonsUs, 'Array(Int64)');
  const isTouched = asked.kind === 'touchpoint-drop-off';
  const numbers = stageNumbers(active);
  const stages = asked.stages?.flatMap((id) => numbers.get(id) ?? []);
  const options = { ...(stages === undefined ? {} : { stages }), ...(rows === undefined ? {} : { rows }) };
  const visits = isTouched ? touchedRows(scope, parameters, options) : visitRows(scope, parameters, options);
  const [at, touchpoint] = isTouched ? ['first_at', 'toString(touchpoint)'] : ['entered', `''`];
  const zone = parameters.bind(scope.timezone, 'String');
  return `SELECT unit_key, stage, segment AS value, ${touchpoint} AS touchpoint, ${at} AS at,
  toInt32(toDate(toDateTime(intDiv(${at}, 1000000), ${zone}))) AS day, ${conditionOf(asked.kind, at)} AS counts
FROM (
SELECT *, ${horizons}[stage] AS horizon
FROM (
${visits}
)
)`;
}

type Scoped = Pick<DailyCountsAsked, 'by' | 'fromUs' | 'toUs' | 'asOfUs' | 'horizonsUs'>;

function scopeOf(active: ActiveDerivation, { by, fromUs, toUs, asOfUs, horizonsUs }: Scoped): JourneyScope {
  const { journey } = active;
  const index = by === null ? 0 : journey.segments.indexOf(by) + 1;
  if (by !== null && index === 0) throw new TypeError(`"${by}" is no segment of the journey ${journey.id}`);
  if (horizonsUs.length !== journey.stages.length) throw new TypeError('every stage needs a horizon');
  return {
    ...active,
    ...{ fromUs, toUs, asOfUs, given: { from: true, to: true }, segments: [], interval: null, count: 'visits' },
    by: by === null ? null : { index, name: by },
    timezone: journey.timezone,
  };
}

/** A row per visit and touchpoint that first touched it in the range. */
function touchedRows(
  scope: JourneyScope,
  parameters: Parameters,
  options: { readonly stages?: readonly number[]; readonly rows?: string },
): string {
  const visits = visitRows(scope, parameters, {
    ...options,
    cohort: 'all',
    arrays: [
      `${perVisit('touch_touchpoint', 'touch_visit')} AS own_touchpoints`,
      `${perVisit('touch_first', 'touch_visit')} AS own_firsts`,
    ],
    columns: ['own_touchpoints', 'own_firsts'],
  });
  const instants = [scope.fromUs, scope.toUs, scope.asOfUs].map((us) => parameters.bind(us, 'Int64'));
  return `SELECT unit_key, stage, segment, outcome, until, touchpoint, first_at
FROM (
${visits}
)
ARRAY JOIN own_touchpoints AS touchpoint, own_firsts AS first_at
WHERE first_at >= ${instants[0]} AND first_at < ${instants[1]} AND first_at <= ${instants[2]}`;
}

/** SQL of what k counts; `at`: where its time begins. */
function conditionOf(kind: DailyCountsKind, at: string): string {
  if (kind === 'volume') return '0';
  if (kind === 'stalled-share') return `until - ${at} > horizon`;
  return `NOT (outcome IN (${outcomes.advanced}, ${outcomes.completed}) AND until - ${at} <= horizon)`;
}
