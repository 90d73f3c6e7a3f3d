import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { lossesBetween } from './judged-scores.ts';
import type { ScoreEvaluation } from './score-evaluations.ts';

/** A loss: its stage (from 1), and the seconds since the churn signal was raised that stood when it happened; null if none did. */
export interface LossLead {
  readonly stage: number;
  readonly leadSeconds: number | null;
}

const leadRow = z
  .object({ stage: z.number(), leadUs: z.number() })
  .transform(({ stage, leadUs }) => ({ stage, leadSeconds: leadUs < 0 ? null : leadUs / 1e6 }));

/**
 * All losses of a journey in (after, up to], µs, with the warning there was: of the changes of the unit's churn signal up to the loss the last one, if it was
 * a raise. Only changes of the given evaluations count. A signal that was cleared at the moment of the loss stood no more.
 */
export async function readLossLeads(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  evaluations: readonly ScoreEvaluation[],
  range: { readonly afterUs: number; readonly upToUs: number },
  options?: QueryOptions,
): Promise<LossLead[]> {
  const parameters = createParameters();
  const counted = `arrayZip(${parameters.bind(
    evaluations.map(({ asOfUs }) => asOfUs),
    'Array(Int64)',
  )}, ${parameters.bind(
    evaluations.map(({ evaluatedUs }) => evaluatedUs),
    'Array(Int64)',
  )})`;
  const sql = `SELECT losses.stage AS stage,
  arrayLast(change -> change.1 <= losses.ended, signals.changes) AS last,
  if(last.2, toFloat64(losses.ended - last.3), -1.) AS leadUs
FROM (
${lossesBetween(scope, range.afterUs, range.upToUs, parameters)}
) AS losses
GLOBAL ANY LEFT JOIN (
SELECT unit_key, arraySort(groupArray((as_of, change = 'raised', raised_at))) AS changes
FROM health_signals FINAL
WHERE journey = ${parameters.bind(scope.journey.id, 'String')} AND signal = 'churn' AND has(${counted}, (as_of, evaluated_at))
GROUP BY unit_key
) AS signals ON losses.unit_key = signals.unit_key
ORDER BY stage, leadUs`;
  const shape = { params: anyParameters, row: leadRow, settings: journeySettings };
  const query = defineQuery({ name: 'loss-leads', sql, ...shape });
  return runBound(clickhouse, { query, values: parameters.values() }, options);
}
