import type { Parameters } from '../funnel/parameters.ts';
import type { UnitScope } from './scope.ts';

/** Condition that a key column is in the scope. */
export function scopeSql(column: string, scope: UnitScope, parameters: Parameters): string {
  if (scope.kind === 'round') {
    return `${column} IN (SELECT unit_key FROM dirty_units WHERE round = ${parameters.bind(scope.round, 'String')})`;
  }
  return `${column} BETWEEN ${parameters.bind(scope.fromKey, 'UInt64')} AND ${parameters.bind(scope.toKey, 'UInt64')}`;
}

/** Condition that `account_key` is an account of the scope: of a round, every account that its customers ever carried. */
export function accountScopeSql(scope: UnitScope, parameters: Parameters): string {
  if (scope.kind === 'range') return scopeSql('account_key', scope, parameters);
  return `account_key IN (SELECT account_key FROM account_members WHERE ${scopeSql('customer_key', scope, parameters)})`;
}

/** Condition that a customer's events are needed for the units of the scope. */
export function customerScopeSql(
  column: string,
  unit: 'customer' | 'account',
  scope: UnitScope,
  parameters: Parameters,
): string {
  if (unit === 'customer') return scopeSql(column, scope, parameters);
  return `${column} IN (SELECT customer_key FROM account_members WHERE ${accountScopeSql(scope, parameters)})`;
}
