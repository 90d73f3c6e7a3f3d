import type { Parameters } from '../funnel/parameters.ts';
import { eventLayout } from './event-layout.ts';
import type { DerivePlan } from './plan.ts';
import type { UnitScope } from './scope.ts';
import { withAsOf } from './sql-as-of.ts';
import { type Crowd, type EventSource, eventSource } from './sql-people.ts';
import { accountScopeSql } from './sql-scope.ts';
import { customerTimelines, sortedEvents } from './sql-timelines.ts';

const rankSql = 'if(known_rank != 0, known_rank, toUInt128(weight) * 4294967296 + toUInt128(losers))';

/** Whose timelines are made, and of what. */
export interface UnitSource {
  readonly events: EventSource;
  /** Of accounts: SQL of the people behind their customers, `unit_key, account_key, member_key, member_rank` (0 for somebody alone); else null. */
  readonly members: string | null;
}

/** The units of a scope, with all that was stored of them. */
export function unitSource(
  unit: 'customer' | 'account',
  scope: UnitScope,
  crowd: Crowd,
  parameters: Parameters,
): UnitSource {
  const events = eventSource(unit, scope, crowd, parameters);
  return { events, members: unit === 'customer' ? null : membersSql(scope, parameters) };
}

/** The people behind the customers who ever carried an account of the scope. */
function membersSql(scope: UnitScope, parameters: Parameters): string {
  const members = `SELECT DISTINCT account_key, customer_key FROM account_members WHERE ${accountScopeSql(scope, parameters)}`;
  if (scope.people === undefined) {
    return `SELECT account_key AS unit_key, account_key, customer_key AS member_key, toUInt128(0) AS member_rank FROM (${members})`;
  }
  const known = `SELECT key AS known_key, person_key AS known_person, rank AS known_rank FROM people WHERE round = ${parameters.bind(scope.people, 'String')}`;
  return `SELECT account_key AS unit_key, account_key, if(known_person = 0, customer_key, known_person) AS member_key, sum(known_rank) AS member_rank
FROM (${members}) AS members
GLOBAL ANY LEFT JOIN (${known}) AS known ON members.customer_key = known.known_key
GROUP BY account_key, member_key`;
}

/** One row per unit of the source: `unit_key, unit, anonymous, rank, events`, the latter in canonical order. */
export function unitTimelines(plan: DerivePlan, { events, members }: UnitSource, parameters: Parameters): string {
  const people = withAsOf(plan, customerTimelines(plan, events, parameters), parameters);
  if (members === null) {
    return `SELECT person_key AS unit_key, unit_customer AS unit, if(unit_customer = '', unit_anonymous, '') AS anonymous, ${rankSql} AS rank, events
FROM (\n${people}\n)`;
  }
  const before = eventLayout(plan, 'customer');
  const fields = before.fields.filter((field) => field !== 'account').map((field) => before.at('event', field));
  const own = `arrayMap(event -> (${[...fields, 'person_key'].join(', ')}), arrayFilter((event, account) -> account != '' AND cityHash64(account) = account_key, events, ${before.at('events', 'account')}))`;
  const joined = `SELECT members.unit_key AS unit_key, if(member_rank != 0, member_rank, ${rankSql}) AS own_rank, arrayFirst(account -> cityHash64(account) = account_key, named) AS account, ${own} AS own
FROM (\n${people}\n) AS timelines
INNER JOIN (\n${members}\n) AS members ON timelines.person_key = members.member_key`;
  const grouped = `SELECT unit_key, max(account) AS unit, sum(own_rank) AS rank, groupArrayArray(own) AS raw
FROM (\n${joined}\n)
GROUP BY unit_key`;
  return `SELECT unit_key, unit, '' AS anonymous, rank, events
FROM (\n${sortedEvents(grouped)}\n)`;
}
