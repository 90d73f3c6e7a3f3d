import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import type { RiskTable } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import type { JourneyScope } from './scope.ts';
import { outcomes, visitRows } from './visits.ts';

/** From entering one stage to entering another, both from 1; passing the target by counts as reaching it. */
export interface Way {
  readonly fromStage: number;
  readonly toStage: number;
}

/** How long the ways of one segment took, or have lasted so far. */
export interface WayTimes {
  readonly segment: string;
  /** Exact seconds; `advanced` reached the target, `lost` left the journey before it. */
  readonly table: RiskTable;
  /** Of those who reached the target, naively. */
  readonly naive: { readonly mean: number | null; readonly p50: number | null };
}

const fates = { open: 0, reached: 1, lost: 2 } as const;

const timesRow = z.object({
  segment: z.string(),
  /** µs, ascending. */
  ways: z.array(z.number()),
  /** A digit for every way, see {@link fates}. */
  fates: z.string(),
  mean: z.number().nullable(),
  p50: z.number().nullable(),
});

/** The place of the visit that reaches the target, and of the cycle's last visit, among those that began up to asOf. */
function wayColumns(scope: JourneyScope, { toStage }: Way, parameters: Parameters): string[] {
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  const target = parameters.bind(toStage, 'UInt32');
  const arrays = 'visit_stage, visit_cycle, visit_entered, arrayEnumerate(visit_stage)';
  const inCycle = `c = cycle AND e <= ${asOf}`;
  const limits = parameters.bind(
    scope.journey.stages.map(({ lostAfterUs }) => lostAfterUs ?? 0),
    'Array(Int64)',
  );
  const { open, lost, silent } = outcomes;
  return [
    `arrayFirstIndex((s, c, e, i) -> i > visit AND ${inCycle} AND s >= ${target}, ${arrays}) AS reached`,
    `arrayLastIndex((s, c, e, i) -> ${inCycle}, ${arrays}) AS last`,
    'toUInt8(visit_outcome[last]) AS last_outcome',
    `${limits}[visit_stage[last]] AS last_limit`,
    `multiIf(last_outcome = ${lost}, visit_ended[last], last_outcome = ${silent}, visit_ended[last] + 1,
      last_outcome = ${open} AND last_limit > 0, visit_active[last] + last_limit + 1, ${asOf} + 1) AS lost_from`,
    `toUInt8(multiIf(reached > 0, ${fates.reached}, lost_from <= ${asOf}, ${fates.lost}, ${fates.open})) AS fate`,
    `multiIf(fate = ${fates.reached}, visit_entered[reached], fate = ${fates.lost}, lost_from - (last_outcome != ${lost}), ${asOf}) - entered AS way`,
  ];
}

function cycleTimeQuery(scope: JourneyScope, way: Way) {
  const parameters = createParameters();
  const visits = visitRows(scope, parameters, {
    stages: [way.fromStage],
    columns: wayColumns(scope, way, parameters),
  });
  const sql = `SELECT segment, arrayMap(x -> toFloat64(bitShiftRight(x, 2)), packed) AS ways,
  arrayStringConcat(arrayMap(x -> toString(bitAnd(x, 3)), packed)) AS fates, mean, p50
FROM (
SELECT segment, arraySort(groupArray(toUInt64(way) * 4 + fate)) AS packed, countIf(fate = ${fates.reached}) AS reachers,
  if(reachers = 0, NULL, sumIf(way, fate = ${fates.reached}) / reachers / 1e6) AS mean,
  if(reachers = 0, NULL, quantileExactInclusiveIf(0.5)(way, fate = ${fates.reached}) / 1e6) AS p50
FROM (\n${visits}\n)
GROUP BY segment
)
ORDER BY segment`;
  const query = defineQuery({ name: 'journey-cycle-time', sql, params: anyParameters, row: timesRow });
  return { query, values: parameters.values() };
}

/** The times of a way for every segment of the scope, on exact microseconds; open ways last until asOf. */
export async function readWayTimes(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  way: Way,
  options?: QueryOptions,
): Promise<WayTimes[]> {
  const rows = await runBound(clickhouse, cycleTimeQuery({ ...scope, interval: null }, way), options);
  return rows.map(({ segment, ways, fates: letters, mean, p50 }) => ({
    segment,
    table: tableOf(ways, letters),
    naive: { mean, p50 },
  }));
}

interface TimeCounts {
  seconds: number;
  advanced: number;
  lost: number;
  censored: number;
}

/** Ways of the same length become one row. */
function tableOf(ways: readonly number[], letters: string): RiskTable {
  const [reached, lost] = [String(fates.reached), String(fates.lost)];
  const table: TimeCounts[] = [];
  let last: TimeCounts = { seconds: -1, advanced: 0, lost: 0, censored: 0 };
  for (const [i, way] of ways.entries()) {
    const seconds = way / 1e6;
    if (seconds !== last.seconds) {
      last = { seconds, advanced: 0, lost: 0, censored: 0 };
      table.push(last);
    }
    const fate = letters[i];
    if (fate === reached) last.advanced += 1;
    else if (fate === lost) last.lost += 1;
    else last.censored += 1;
  }
  return table;
}

function mergeTwo(a: RiskTable, b: RiskTable): RiskTable {
  const rows: RiskTable[number][] = [];
  let j = 0;
  for (const row of a) {
    for (let other = b[j]; other !== undefined && other.seconds < row.seconds; other = b[j]) {
      rows.push(other);
      j += 1;
    }
    const other = b[j];
    if (other?.seconds !== row.seconds) {
      rows.push(row);
      continue;
    }
    const { seconds, advanced, lost, censored } = row;
    rows.push({
      seconds,
      advanced: advanced + other.advanced,
      lost: lost + other.lost,
      censored: censored + other.censored,
    });
    j += 1;
  }
  return [...rows, ...b.slice(j)];
}

/** One table of several cohorts together; each is in the order of its times. */
export function mergeTables(tables: readonly RiskTable[]): RiskTable {
  const half = tables.length >> 1;
  if (half === 0) return tables[0] ?? [];
  return mergeTwo(mergeTables(tables.slice(0, half)), mergeTables(tables.slice(half)));
}
