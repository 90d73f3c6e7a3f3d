import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from './journey-settings.ts';
import type { JourneyScope } from './scope.ts';
import { causeCurve, endings, followedAggregates, timeOfShare, weightedGroups } from './survival-sql.ts';
import { outcomes, visitRows } from './visits.ts';

/** Where visits go that don't go to a stage; below them are the numbers of stages. */
export const destinations = { completed: 250, lost: 251, silent: 252, open: endings.censored } as const;

/** Visits of one stage, segment and bucket that went to one destination. */
export const transitionCohort = z.object({
  stage: z.number(),
  segment: z.string(),
  bucket: integerColumn,
  destination: z.number(),
  /** Visits with this destination, and of the stage in all. */
  customers: integerColumn,
  n: integerColumn,
  mature: integerColumn,
  /** Visits of the stage that began a cycle. */
  entries: integerColumn,
  /** p25, p50, p75, p90 in µs, of the visits with this destination. */
  quantiles: z.array(z.number().nullable()),
  /** The time by which half of all visits of the stage had gone there, µs. */
  median: integerColumn.nullable(),
});
export type TransitionCohort = z.output<typeof transitionCohort>;

/** Destinations per stage, segment and bucket. */
export function transitionCohorts(scope: JourneyScope): BoundQuery<TransitionCohort> {
  const parameters = createParameters();
  const { advanced, returned, lost, silent, completed, open } = outcomes;
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  const horizons = parameters.bind(
    scope.journey.stages.map(({ horizonUs }) => horizonUs),
    'Array(Int64)',
  );
  const destination = `multiIf(outcome IN (${advanced}, ${returned}), toUInt8(next), outcome = ${lost}, ${destinations.lost}, outcome = ${silent}, ${destinations.silent}, outcome = ${completed}, ${destinations.completed}, ${destinations.open})`;
  const groups = `SELECT stage, segment, bucket, countIf(is_entry) AS entries, groupUniqArray(destination) AS destinations,
  countIf(outcome != ${open} OR duration >= horizon) AS mature,
  ${followedAggregates({ durationUs: 'duration', ending: 'destination', horizonUs: 'horizon' })}
FROM (
SELECT stage, segment, bucket, outcome, is_entry, if(outcome = ${open}, ${asOf} - entered, until - entered) AS duration,
  toUInt8(${destination}) AS destination, ${horizons}[stage] AS horizon
FROM (
${visitRows(scope, parameters, { columns: ['visit_cycle[visit - 1] != cycle AS is_entry'] })}
)
)
GROUP BY stage, segment, bucket`;
  const sql = `SELECT stage, segment, bucket, destination, length(own) AS customers, n, mature, entries,
  arrayReduce('quantilesExactInclusive(0.25, 0.5, 0.75, 0.9)', if(destination = ${destinations.open}, [], own)) AS quantiles,
  if(destination = ${destinations.open}, NULL, ${timeOfShare(0.5, 'curve')}) AS median
FROM (
SELECT *, destination, arrayMap(x -> bitShiftRight(x, 8), arrayFilter(x -> bitAnd(x, 255) = destination, times)) AS own, ${causeCurve('destination')} AS curve
FROM (
${weightedGroups(groups)}
)
ARRAY JOIN destinations AS destination
)
ORDER BY stage, segment, bucket, destination`;
  const query = defineQuery({
    name: 'journey-transitions',
    sql,
    params: anyParameters,
    row: transitionCohort,
    settings: journeySettings,
  });
  return { query, values: parameters.values() };
}
