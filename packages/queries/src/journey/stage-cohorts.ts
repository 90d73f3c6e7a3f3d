import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { causeShape, followedGroup } from './incidence.ts';
import { journeySettings } from './journey-settings.ts';
import type { JourneyScope } from './scope.ts';
import { endings, followedAggregates, incidenceSql } from './survival-sql.ts';
import { outcomes, visitRows } from './visits.ts';

/** The visits to one stage in one segment and bucket: what became of them, and what the curves at the horizon need. */
export const stageCohort = z.object({
  stage: z.number(),
  segment: z.string(),
  bucket: integerColumn,
  advanced: integerColumn,
  returned: integerColumn,
  lost: integerColumn,
  silent: integerColumn,
  completed: integerColumn,
  open: integerColumn,
  /** Advanced, or completed the journey, within the horizon. */
  k: integerColumn,
  /** Lost within the horizon. */
  k_lost: integerColumn,
  mature: integerColumn,
  /** Mean seconds of those who advanced. */
  advanced_seconds: z.number().nullable(),
  ...followedGroup.shape,
  ...causeShape('advanced'),
  ...causeShape('lost'),
  /** The time by which half of all had advanced, µs. */
  advanced_quantiles: z.tuple([integerColumn.nullable()]),
});
export type StageCohort = z.output<typeof stageCohort>;

/** How a visit ends for the curves: a completed visit has advanced as far as can be. */
export const endingOfOutcome = `transform(outcome, [${outcomes.advanced}, ${outcomes.completed}, ${outcomes.returned}, ${outcomes.lost}, ${outcomes.silent}], [${endings.advanced}, ${endings.advanced}, ${endings.returned}, ${endings.lost}, ${endings.lost}], ${endings.censored})`;

/** The horizon of every stage, µs: its own, or the one of the question. */
export function horizonsUs({ journey }: JourneyScope, horizonUs: number | undefined): number[] {
  return journey.stages.map((stage) => horizonUs ?? stage.horizonUs);
}

/** Counts and curves per stage, segment and bucket of a scope. */
export function stageCohorts(scope: JourneyScope, horizonUs?: number): BoundQuery<StageCohort> {
  const parameters = createParameters();
  const horizons = parameters.bind(horizonsUs(scope, horizonUs), 'Array(Int64)');
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  const { advanced, returned, lost, silent, completed, open } = outcomes;
  const counts = { advanced, returned, lost, silent, completed, open };
  const keep = ['stage', 'segment', 'bucket', ...Object.keys(counts), 'k', 'k_lost', 'mature', 'advanced_seconds'];
  const groups = `SELECT stage, segment, bucket,
  ${Object.entries(counts)
    .map(([name, code]) => `countIf(outcome = ${code}) AS ${name}`)
    .join(', ')},
  countIf(outcome IN (${advanced}, ${completed}) AND duration <= horizon) AS k,
  countIf(outcome IN (${lost}, ${silent}) AND duration <= horizon) AS k_lost,
  countIf(outcome != ${open} OR ${asOf} - entered >= horizon) AS mature,
  if(advanced = 0, NULL, toFloat64(sumIf(toInt128(duration), outcome = ${advanced})) / advanced / 1000000) AS advanced_seconds,
  ${followedAggregates({ durationUs: 'duration', ending: 'ending', horizonUs: 'horizon' })}
FROM (
SELECT stage, segment, bucket, entered, outcome, until - entered AS duration, ${endingOfOutcome} AS ending, ${horizons}[stage] AS horizon
FROM (
${visitRows(scope, parameters)}
)
)
GROUP BY stage, segment, bucket`;
  const sql = `${incidenceSql(groups, {
    keep,
    causes: [
      { name: 'advanced', ending: endings.advanced, quantiles: [0.5] },
      { name: 'lost', ending: endings.lost },
    ],
  })}
ORDER BY stage, segment, bucket`;
  const query = defineQuery({
    name: 'journey-stages',
    sql,
    params: anyParameters,
    row: stageCohort,
    settings: journeySettings,
  });
  return { query, values: parameters.values() };
}
