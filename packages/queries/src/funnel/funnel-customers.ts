import { defineQuery, integerColumn, integerTextColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery, funnelSettings } from './bound-query.ts';
import { createParameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { chosenAttempts } from './sql-chosen.ts';

/** Which customers: those behind one number of the funnel. */
export interface CustomersAsked {
  readonly step: number;
  readonly outcome: 'converted' | 'dropped' | 'open';
  readonly segment: string | null;
  readonly bucketUs: number | null;
  readonly limit: number;
  /** The last row of the page before. */
  readonly after: { readonly enteredAtUs: number; readonly unitKey: string } | null;
}

export const funnelCustomersRow = z.object({
  unitKey: integerTextColumn,
  customer: z.string(),
  anonymous: z.string(),
  account: z.string(),
  furthest: integerColumn,
  isOpen: integerColumn,
  enteredAtUs: integerColumn,
  timesUs: z.array(integerColumn),
});
export type FunnelCustomersRow = z.output<typeof funnelCustomersRow>;

/** The customers behind a number, a page of them, by entry time and then key. */
export function funnelCustomers(plan: Plan, asked: CustomersAsked): BoundQuery<FunnelCustomersRow> {
  const parameters = createParameters();
  const chosen = chosenAttempts(plan, parameters);
  const conditions = [outcomeSql(plan, asked)];
  if (asked.segment !== null) conditions.push(`segment = ${parameters.bind(asked.segment, 'String')}`);
  if (asked.bucketUs !== null) conditions.push(`bucket = ${parameters.bind(asked.bucketUs, 'Int64')}`);
  const enteredAt = parameters.bind(asked.after?.enteredAtUs ?? 0, 'UInt64');
  const unitKey = parameters.bind(asked.after?.unitKey ?? '0', 'UInt64');
  conditions.push(`(times[1], unit) > (${enteredAt}, ${unitKey})`);
  const page = `SELECT unit, times, furthest, is_open FROM (\n${chosen}\n)
WHERE ${conditions.join(' AND ')}
ORDER BY times[1], unit
LIMIT ${parameters.bind(asked.limit, 'UInt32')}`;
  const key = plan.unit === 'account' ? 'account_key' : 'customer_key';
  const sql = `WITH page AS (\n${page}\n)
SELECT unit AS unitKey, names.1 AS customer, names.2 AS anonymous, names.3 AS account, furthest, is_open AS isOpen, times[1] AS enteredAtUs, times AS timesUs
FROM page
LEFT JOIN (
SELECT ${key} AS unit, any((customer, anonymous, account)) AS names FROM events WHERE ${key} GLOBAL IN (SELECT unit FROM page) GROUP BY unit
) AS named USING (unit)
ORDER BY times[1], unit`;
  const query = defineQuery({
    name: 'funnel-customers',
    sql,
    params: anyParameters,
    row: funnelCustomersRow,
    settings: funnelSettings,
  });
  return { query, values: parameters.values() };
}

function outcomeSql(plan: Plan, { step, outcome }: CustomersAsked): string {
  if (outcome === 'converted') return `times[${step}] != 0`;
  if (step >= plan.lastRequired) return '0';
  return `furthest = ${step} AND ${outcome === 'open' ? 'is_open' : 'NOT is_open'}`;
}
