import { bigintColumn, type ClickHouse, defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import type { UnitScope } from './scope.ts';
import { accountScopeSql, customerScopeSql } from './sql-scope.ts';

/** A unit and the number of stored event rows behind it, copies included. */
export interface TimelineSize {
  readonly unitKey: bigint;
  readonly events: number;
}

/**
 * Units of the scope with at least `eventsMin` stored events, the largest first. Of an account, all events of all its customers
 * count, because all are read.
 */
export async function hotUnits(
  clickhouse: ClickHouse,
  unit: 'customer' | 'account',
  scope: UnitScope,
  { eventsMin }: { readonly eventsMin: number },
): Promise<readonly TimelineSize[]> {
  const parameters = createParameters();
  const sizes = `SELECT customer_key, count() AS size FROM events WHERE ${customerScopeSql('customer_key', unit, scope, parameters)} GROUP BY customer_key`;
  const units =
    unit === 'customer'
      ? `SELECT customer_key AS unitKey, size AS events FROM (${sizes})`
      : `SELECT account_key AS unitKey, sum(sizes.size) AS events
FROM (SELECT DISTINCT account_key, customer_key FROM account_members WHERE ${accountScopeSql(scope, parameters)}) AS members
INNER JOIN (${sizes}) AS sizes ON members.customer_key = sizes.customer_key
GROUP BY account_key`;
  const query = defineQuery({
    name: 'hot-units',
    sql: `SELECT unitKey, events FROM (${units}) WHERE events >= ${parameters.bind(eventsMin, 'UInt64')} ORDER BY events DESC, unitKey`,
    params: anyParameters,
    row: z.object({ unitKey: bigintColumn, events: integerColumn }),
  });
  return clickhouse.query(query, parameters.values());
}
