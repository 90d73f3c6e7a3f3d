import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { type CustomerName, customerKeySql } from '../customer/customer-events.ts';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { countingUpTo } from './stored-scores.ts';

const pastScore = z.object({ asOfUs: integerColumn, stage: z.string(), score: z.number(), ledger: z.string() });

/** Health of one unit. Times µs; ledgers JSON. */
export interface UnitHealth {
  /** Of the newest evaluation that it has a score in. */
  readonly asOfUs: number;
  /** That it stood in then. */
  readonly stage: string;
  readonly score: number;
  readonly ledger: string;
  /** The newest evaluations, the oldest first, that one included. */
  readonly history: readonly { readonly asOfUs: number; readonly score: number }[];
}

const historyMax = 60;

/** The scores of one unit up to the scope's instant; null if it never had one. */
export async function readUnitHealth(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  unit: CustomerName,
  options?: QueryOptions,
): Promise<UnitHealth | null> {
  const parameters = createParameters();
  const sql = `SELECT as_of AS asOfUs, stage, score, ledger
FROM health_scores
WHERE ${countingUpTo(scope.journey.id, scope.asOfUs, parameters)} AND unit_key = ${customerKeySql(unit, parameters)}
ORDER BY asOfUs DESC
LIMIT 1 BY asOfUs
LIMIT ${historyMax}`;
  const query = defineQuery({ name: 'unit-health', sql, params: anyParameters, row: pastScore });
  const rows = await runBound(clickhouse, { query, values: parameters.values() }, options);
  const [newest] = rows;
  if (newest === undefined) return null;
  return { ...newest, history: rows.map(({ asOfUs, score }) => ({ asOfUs, score })).reverse() };
}
