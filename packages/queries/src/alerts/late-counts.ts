import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { readPeople } from '../identity/person-map.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import type { ActiveDerivation } from '../journey/scope.ts';
import { type DailyCountsAsked, type DailySeries, dailyEntries } from './daily-counts.ts';
import { knownLateRows, type LateUnitsAsked, pairInstant, storedLateRows } from './late-units.ts';

const row = z.object({
  instant: integerColumn,
  stage: z.number(),
  value: z.string(),
  touchpoint: z.string(),
  days: z.array(z.tuple([z.number(), integerColumn, integerColumn])),
});

export interface LateCountsAsked extends Omit<DailyCountsAsked, 'seriesMax' | 'keep'> {
  /** µs since 1970, in order, one at least. */
  readonly instantsUs: readonly number[];
  /** Of each instant: when the last entry that is judged then has passed its horizon. Counts of later entries aren't those that were known. */
  readonly untilUs: readonly number[];
}

/**
 * Instant → what has to be added to the counts of `readDailyCounts` to get those that were known at the instant, with the events received by then. Only units with an event that had
 * occurred by an instant and came later make a difference: they are derived anew from what had been received, with the SQL of derivations, and what is stored
 * of them is taken away. Who is who is what is known today.
 */
export async function readLateCounts(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  asked: LateCountsAsked,
  options?: QueryOptions,
): Promise<ReadonlyMap<number, readonly DailySeries[]>> {
  const people = await readPeople(clickhouse, null, options);
  const { instantsUs, untilUs } = asked;
  const rows = await runBound(clickhouse, lateCounts(active, asked, { instantsUs, untilUs, people }), options);
  const found = new Map<number, DailySeries[]>();
  for (const { instant, stage, value, touchpoint, days } of rows) {
    const series = {
      ...{ stage: active.journey.stages[stage - 1]?.id ?? '', value },
      touchpoint: asked.kind === 'touchpoint-drop-off' ? touchpoint : null,
      days: days.map(([day, n, k]) => ({ day, n, k })),
    };
    found.set(instant, [...(found.get(instant) ?? []), series]);
  }
  return found;
}

function lateCounts(
  active: ActiveDerivation,
  asked: LateCountsAsked,
  late: LateUnitsAsked,
): BoundQuery<z.output<typeof row>> {
  const parameters = createParameters();
  const signed = (
    sign: string,
    rows: string,
  ) => `SELECT ${pairInstant('unit_key')} AS instant, stage, value, touchpoint, day, toInt64(${sign}) AS sign, counts
FROM (\n${dailyEntries(active, asked, parameters, rows)}\n)
WHERE at <= instant`;
  const sql = `SELECT instant, stage, value, touchpoint, groupArray((day, n, k)) AS days
FROM (
SELECT instant, stage, value, touchpoint, day, sum(sign) AS n, sum(sign * counts) AS k
FROM (
${signed('1', knownLateRows(active, late, parameters))}
UNION ALL
${signed('-1', storedLateRows(active, late, parameters))}
)
GROUP BY instant, stage, value, touchpoint, day
HAVING n != 0 OR k != 0
)
GROUP BY instant, stage, value, touchpoint
ORDER BY instant, stage, value, touchpoint`;
  const query = defineQuery({
    name: 'alert-late-counts',
    sql,
    params: anyParameters,
    row,
    settings: {
      ...journeySettings,
      // As in derivations.
      ...{ precise_float_parsing: 1, optimize_functions_to_subcolumns: 0, group_by_two_level_threshold: 1000 },
    },
  });
  return { query, values: parameters.values() };
}
