import type { Parameters } from '../funnel/parameters.ts';
import type { UnitScope } from './scope.ts';

/** Condition that a key column is in the scope. On a cluster, a customer's events and its dirty unit stand on one shard. */
export function scopeSql(
  column: string,
  scope: UnitScope,
  parameters: Parameters,
  operator: 'IN' | 'GLOBAL IN' = 'IN',
): string {
  return keyScopeSql(column, operator, scope, parameters);
}

function keyScopeSql(column: string, operator: 'IN' | 'GLOBAL IN', scope: UnitScope, parameters: Parameters): string {
  if (scope.kind === 'round') {
    return `${column} ${operator} (SELECT unit_key FROM dirty_units WHERE round = ${parameters.bind(scope.round, 'String')})`;
  }
  return `${column} BETWEEN ${parameters.bind(scope.fromKey, 'UInt64')} AND ${parameters.bind(scope.toKey, 'UInt64')}`;
}

/** Condition that the `customer_key` of a row of `account_members`, which stands on the shard of its account, is in the scope. */
export function memberScopeSql(scope: UnitScope, parameters: Parameters): string {
  return keyScopeSql('customer_key', 'GLOBAL IN', scope, parameters);
}

/** Condition that `account_key` is an account of the scope: of a round, every account that its customers ever carried. */
export function accountScopeSql(scope: UnitScope, parameters: Parameters): string {
  if (scope.kind === 'range') return scopeSql('account_key', scope, parameters);
  return `account_key GLOBAL IN (SELECT account_key FROM account_members WHERE ${memberScopeSql(scope, parameters)})`;
}

/** Condition that a customer's events are needed for the units of the scope. */
export function customerScopeSql(
  column: string,
  unit: 'customer' | 'account',
  scope: UnitScope,
  parameters: Parameters,
): string {
  if (unit === 'customer') return scopeSql(column, scope, parameters);
  return `${column} GLOBAL IN (SELECT customer_key FROM account_members WHERE ${accountScopeSql(scope, parameters)})`;
}
