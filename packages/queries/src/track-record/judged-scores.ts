import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { outcomes, visitRows } from '../journey/visits.ts';
import type { ScoreEvaluation } from './score-evaluations.ts';

/** Units of one evaluation that stood in one stage with one score, for whom the same rules held, and whether they were lost within the horizon after it. */
export interface JudgedScores {
  readonly stage: string;
  readonly score: number;
  /** Ids of the rules that held, in the order of the definition. */
  readonly rules: readonly string[];
  readonly lost: boolean;
  readonly units: number;
}

const judgedRow = z
  .object({
    stage: z.string(),
    score: z.number(),
    rules: z.array(z.string()),
    isLost: z.number(),
    units: integerColumn,
  })
  .transform(({ isLost, ...row }) => ({ ...row, lost: isLost === 1 }));

const { lost, silent } = outcomes;

/** SQL of all losses of a scope that ended in (after, up to], µs: `unit_key`, `stage` (from 1), `ended`. */
export function lossesBetween(scope: JourneyScope, afterUs: number, upToUs: number, parameters: Parameters): string {
  const window = [parameters.bind(afterUs, 'Int64'), parameters.bind(upToUs, 'Int64')];
  return `SELECT unit_key, stage, ended
FROM (
${visitRows({ ...scope, count: 'visits', by: null, interval: null, segments: [] }, parameters, { cohort: 'all' })}
)
WHERE outcome IN (${lost}, ${silent}) AND ended > ${window[0]} AND ended <= ${window[1]}`;
}

const rulesOfLedger = `arrayMap(line -> JSONExtractString(line, 'rule'), arrayFilter(line -> JSONExtractString(line, 'line') = 'rule', JSONExtractArrayRaw(ledger)))`;

/**
 * The scores of an evaluation with what happened within the horizon (µs) of the stage that a unit stood in; `stages` by id, others are left
 * out. What happened is that which the scope knows as of its instant.
 */
export async function readJudgedScores(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  evaluation: ScoreEvaluation,
  stages: readonly { readonly id: string; readonly horizonUs: number }[],
  options?: QueryOptions,
): Promise<JudgedScores[]> {
  const parameters = createParameters();
  const [ids, horizons] = [stages.map(({ id }) => id), stages.map(({ horizonUs }) => horizonUs)];
  const places = parameters.bind(ids, 'Array(String)');
  const own = parameters.bind(horizons, 'Array(Int64)');
  const asOf = parameters.bind(evaluation.asOfUs, 'Int64');
  const latest = Math.max(0, ...horizons) + evaluation.asOfUs;
  const sql = `SELECT stage, score, rules, isLost, count() AS units
FROM (
SELECT scored.stage AS stage, scored.score AS score, scored.rules AS rules,
  arrayExists(at -> at <= ${asOf} + ${own}[indexOf(${places}, scored.stage)], lost.times) AS isLost
FROM (
SELECT unit_key, toString(stage) AS stage, score, ${rulesOfLedger} AS rules
FROM health_scores FINAL
WHERE journey = ${parameters.bind(scope.journey.id, 'String')} AND as_of = ${asOf} AND evaluated_at = ${parameters.bind(evaluation.evaluatedUs, 'Int64')} AND stage IN ${places}
) AS scored
GLOBAL ANY LEFT JOIN (
SELECT unit_key, groupArray(ended) AS times
FROM (\n${lossesBetween(scope, evaluation.asOfUs, latest, parameters)}\n)
GROUP BY unit_key
) AS lost ON scored.unit_key = lost.unit_key
)
GROUP BY stage, score, rules, isLost
ORDER BY stage, score, rules, isLost`;
  const shape = { params: anyParameters, row: judgedRow, settings: journeySettings };
  const query = defineQuery({ name: 'judged-scores', sql, ...shape });
  return runBound(clickhouse, { query, values: parameters.values() }, options);
}
