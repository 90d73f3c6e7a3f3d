import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { outcomes, visitRows } from '../journey/visits.ts';
import { learningScope, ticksUs } from './outlook-scope.ts';

/** How many visits ended, or were last seen, in one tick after entry. */
export interface TickCounts {
  readonly tick: number;
  /** To a later stage, or the journey completed. */
  readonly advanced: number;
  readonly returned: number;
  readonly lost: number;
  readonly open: number;
}

/** What became of the visits to a stage in one segment, by the time that they took; ascending. */
export interface StageTimes {
  readonly stage: number;
  readonly segment: string;
  readonly counts: readonly TickCounts[];
}

/** Visits that are open at asOf, by ticks since their entry. */
export interface OpenVisits {
  readonly stage: number;
  readonly segment: string;
  readonly tick: number;
  readonly visits: number;
}

const timesRow = z.object({
  stage: z.number(),
  segment: z.string(),
  counts: z.array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()])),
});
const openRow = z.object({ stage: z.number(), segment: z.string(), tick: z.number(), visits: z.number() });

const { open, advanced, completed, returned, lost, silent } = outcomes;

function timesQuery(
  scope: JourneyScope,
  stages: readonly number[],
  horizons: readonly number[],
): BoundQuery<z.output<typeof timesRow>> {
  const parameters = createParameters();
  const ticks = parameters.bind(ticksUs(horizons), 'Array(Int64)');
  const sql = `SELECT stage, segment, arraySort(groupArray((tick, advanced, returned, lost, open))) AS counts
FROM (
SELECT stage, segment, toUInt32(intDiv(until - entered, ${ticks}[stage])) AS tick,
  toUInt32(countIf(outcome IN (${advanced}, ${completed}))) AS advanced, toUInt32(countIf(outcome = ${returned})) AS returned,
  toUInt32(countIf(outcome IN (${lost}, ${silent}))) AS lost, toUInt32(countIf(outcome = ${open})) AS open
FROM (
${visitRows(scope, parameters, { stages })}
)
GROUP BY stage, segment, tick
)
GROUP BY stage, segment
ORDER BY stage, segment`;
  const shape = { params: anyParameters, row: timesRow, settings: journeySettings };
  return { query: defineQuery({ name: 'outlook-times', sql, ...shape }), values: parameters.values() };
}

function openQuery(
  scope: JourneyScope,
  stages: readonly number[],
  horizons: readonly number[],
): BoundQuery<z.output<typeof openRow>> {
  const parameters = createParameters();
  const ticks = parameters.bind(ticksUs(horizons), 'Array(Int64)');
  const sql = `SELECT stage, segment, toUInt32(intDiv(until - entered, ${ticks}[stage])) AS tick, toUInt32(count()) AS visits
FROM (
${visitRows({ ...scope, count: 'visits', interval: null }, parameters, { cohort: 'all', stages })}
)
WHERE outcome = ${open}
GROUP BY stage, segment, tick
ORDER BY stage, segment, tick`;
  const shape = { params: anyParameters, row: openRow, settings: journeySettings };
  return { query: defineQuery({ name: 'outlook-open', sql, ...shape }), values: parameters.values() };
}

/** What became of the visits to stages that the scope learns from, per segment. `horizons` (µs) are those of all stages. */
export async function readStageTimes(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  stages: readonly number[],
  horizons: readonly number[],
  options?: QueryOptions,
): Promise<StageTimes[]> {
  const rows = await runBound(clickhouse, timesQuery(learningScope(scope), stages, horizons), options);
  return rows.map(({ counts, ...row }) => ({
    ...row,
    counts: counts.map(([tick, advanced, returned, lost, open]) => ({ tick, advanced, returned, lost, open })),
  }));
}

/** All visits that are open at asOf, whenever they began; the scope's segments are filtered by and split by. */
export async function readOpenVisits(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  stages: readonly number[],
  horizons: readonly number[],
  options?: QueryOptions,
): Promise<OpenVisits[]> {
  return runBound(clickhouse, openQuery(scope, stages, horizons), options);
}
