import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from './journey-settings.ts';
import type { JourneyScope } from './scope.ts';
import { outcomes, visitRows } from './visits.ts';

/** Of the visits that advanced from a stage, those whose cycle reached a terminal stage up to asOf. */
export const completion = z.object({ stage: z.number(), advanced: integerColumn, completed: integerColumn });
export type Completion = z.output<typeof completion>;

/** Completions per stage; the scope's split into segments and buckets plays no part. */
export function stageCompletions(scope: JourneyScope): BoundQuery<Completion> {
  const parameters = createParameters();
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  const isCompleted = `arrayExists((o, c, e) -> toUInt8(o) = ${outcomes.completed} AND c = cycle AND e <= ${asOf}, visit_outcome, visit_cycle, visit_entered)`;
  const sql = `SELECT stage, count() AS advanced, countIf(is_completed) AS completed
FROM (
${visitRows({ ...scope, by: null, interval: null }, parameters, { columns: [`${isCompleted} AS is_completed`] })}
)
WHERE outcome = ${outcomes.advanced}
GROUP BY stage
ORDER BY stage`;
  const query = defineQuery({
    name: 'journey-completions',
    sql,
    params: anyParameters,
    row: completion,
    settings: journeySettings,
  });
  return { query, values: parameters.values() };
}
