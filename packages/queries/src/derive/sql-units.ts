import type { Parameters } from '../funnel/parameters.ts';
import { eventLayout } from './event-layout.ts';
import type { DerivePlan } from './plan.ts';
import type { UnitScope } from './scope.ts';
import { withAsOf } from './sql-as-of.ts';
import { accountScopeSql } from './sql-scope.ts';
import { customerTimelines, sortedEvents } from './sql-timelines.ts';

const rankSql = (weight: string, losers: string) => `toUInt128(${weight}) * 4294967296 + toUInt128(${losers})`;

/** One row per unit of the scope: `unit_key, unit, anonymous, rank, events`, the latter in canonical order. */
export function unitTimelines(plan: DerivePlan, scope: UnitScope, parameters: Parameters): string {
  const customers = withAsOf(plan, customerTimelines(plan, scope, parameters), parameters);
  if (plan.journey.unit === 'customer') {
    return `SELECT customer_key AS unit_key, unit_customer AS unit, if(unit_customer = '', unit_anonymous, '') AS anonymous, ${rankSql('weight', 'losers')} AS rank, events
FROM (\n${customers}\n)`;
  }
  const before = eventLayout(plan, 'customer');
  const fields = before.fields.filter((field) => field !== 'account').map((field) => before.at('event', field));
  const own = `arrayMap(event -> (${[...fields, 'customer_key'].join(', ')}), arrayFilter((event, account) -> account != '' AND cityHash64(account) = account_key, events, ${before.at('events', 'account')}))`;
  const members = `SELECT DISTINCT account_key, customer_key AS member_key FROM account_members WHERE ${accountScopeSql(scope, parameters)}`;
  const joined = `SELECT account_key, weight, losers, arrayFirst(account -> cityHash64(account) = account_key, named) AS account, ${own} AS own
FROM (\n${customers}\n) AS timelines
INNER JOIN (\n${members}\n) AS members ON timelines.customer_key = members.member_key`;
  const grouped = `SELECT account_key, max(account) AS unit, sum(weight) AS total_weight, sum(losers) AS total_losers, groupArrayArray(own) AS raw
FROM (\n${joined}\n)
GROUP BY account_key`;
  return `SELECT account_key AS unit_key, unit, '' AS anonymous, ${rankSql('total_weight', 'total_losers')} AS rank, events
FROM (\n${sortedEvents(grouped)}\n)`;
}
