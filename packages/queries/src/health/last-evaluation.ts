import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';

/** The evaluation that answers for an instant: the newest finished one up to it. Times µs. */
export interface AnsweringEvaluation {
  readonly journey: string;
  readonly asOfUs: number;
  readonly evaluatedUs: number;
}

const lastEvaluation = defineQuery({
  name: 'health-last-evaluation',
  sql: `
    SELECT as_of AS asOfUs, min(evaluated_at) AS evaluatedUs
    FROM health_evaluations
    WHERE journey = {journey:String} AND as_of <= {asOfUs:Int64}
    GROUP BY as_of
    ORDER BY as_of DESC
    LIMIT 1`,
  params: z.object({ journey: z.string(), asOfUs: z.int() }),
  row: z.object({ asOfUs: integerColumn, evaluatedUs: integerColumn }),
});

/** The evaluation that answers for an instant; null if there was none by then. */
export async function readLastEvaluation(
  clickhouse: ClickHouse,
  asked: { readonly journey: string; readonly asOfUs: number },
  options?: QueryOptions,
): Promise<AnsweringEvaluation | null> {
  const [row] = await clickhouse.query(lastEvaluation, asked, options);
  return row === undefined ? null : { journey: asked.journey, ...row };
}
