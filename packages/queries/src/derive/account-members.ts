import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { createParameters } from '../funnel/parameters.ts';
import type { UnitScope } from './scope.ts';
import { memberScopeSql, scopeSql } from './sql-scope.ts';

/**
 * Notes which accounts the events of the scope's customers carry, superseded events too (the scope's keys are customers). It only adds
 * what isn't there yet.
 */
export async function noteAccountMembers(clickhouse: ClickHouse, scope: UnitScope): Promise<void> {
  const parameters = createParameters();
  const inScope = scopeSql('customer_key', scope, parameters);
  const sql = `INSERT INTO account_members (account_key, customer_key)
SELECT DISTINCT account_key, customer_key FROM events
WHERE ${inScope} AND account_key != 0
  AND (account_key, customer_key) GLOBAL NOT IN (SELECT account_key, customer_key FROM account_members WHERE ${memberScopeSql(scope, parameters)})`;
  await clickhouse.insertSelect(defineStatement({ name: 'note-account-members', sql }), parameters.values());
}
