import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';

/** A finished evaluation of the health of a journey. Times in µs. */
export interface ScoreEvaluation {
  readonly asOfUs: number;
  /** With `asOfUs` it names the rows that count. */
  readonly evaluatedUs: number;
  /** Of the definition. */
  readonly version: number;
}

const evaluations = defineQuery({
  name: 'score-evaluations',
  sql: `
    SELECT as_of AS asOfUs, min(evaluated_at) AS evaluatedUs, argMin(version, evaluated_at) AS definition
    FROM health_evaluations
    WHERE journey = {journey:String} AND as_of > {afterUs:Int64} AND as_of <= {upToUs:Int64}
    GROUP BY as_of
    ORDER BY as_of`,
  params: z.object({ journey: z.string(), afterUs: z.int(), upToUs: z.int() }),
  row: z
    .object({ asOfUs: integerColumn, evaluatedUs: integerColumn, definition: z.number() })
    .transform(({ definition: version, ...row }) => ({ ...row, version })),
});

/** The finished evaluations of a journey in (after, up to], ascending; of several of one instant the first one. */
export function readScoreEvaluations(
  clickhouse: ClickHouse,
  range: { readonly journey: string; readonly afterUs: number; readonly upToUs: number },
  options?: QueryOptions,
): Promise<ScoreEvaluation[]> {
  return clickhouse.query(evaluations, range, options);
}
