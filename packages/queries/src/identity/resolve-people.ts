import { bigintColumn, type ClickHouse, defineQuery, defineStatement, type Statement } from '@michinori/clickhouse';
import { z } from 'zod';
import { dropRounds } from '../derive/drop.ts';
import type { UnitScope } from '../derive/scope.ts';
import { customerScopeSql } from '../derive/sql-scope.ts';
import { createParameters, type Parameters, type ParameterValue } from '../funnel/parameters.ts';
import { type Merges, noMerges } from './merge-customers.ts';
import { identityState, readMerges } from './merges.ts';
import { ownersSql } from './sql-owners.ts';

/** A scope whose people are resolved: `name` is their round in table `people`. */
export interface PeopleWanted {
  readonly unit: 'customer' | 'account';
  readonly scope: UnitScope;
  /** A name that no round ever had. */
  readonly name: string;
}

interface Step {
  readonly statement: Statement;
  readonly values: Readonly<Record<string, ParameterValue>>;
}

const customersRound = (name: string) => `${name}.customers`;
const anonymousRound = (name: string) => `${name}.anonymous`;

function step(name: string, write: (parameters: Parameters) => string): Step {
  const parameters = createParameters();
  return { statement: defineStatement({ name, sql: write(parameters) }), values: parameters.values() };
}

const keysOf = (round: string) => `(SELECT unit_key FROM dirty_units WHERE round = ${round})`;

/** Customers of the scope about whom events say something, and whoever its anonymous ids belong to. */
function customersStep({ unit, scope, name }: PeopleWanted): Step {
  return step('people-customers', (parameters) => {
    const inScope = (column: string) => customerScopeSql(column, unit, scope, parameters);
    return `INSERT INTO dirty_units (round, unit_key)
SELECT DISTINCT ${parameters.bind(customersRound(name), 'String')} AS round, key AS unit_key FROM (
SELECT customer_key AS key FROM identity_links WHERE ${inScope('customer_key')}
UNION ALL
SELECT owner AS key FROM (\n${ownersSql({ where: inScope('member_key') }, parameters)}\n) WHERE owner != 0
)`;
  });
}

/** All customers who ever were one person with one of the scope. */
function mergedStep({ unit, scope, name }: PeopleWanted, { keys, groups }: Merges): Step {
  return step('people-merged', (parameters) => {
    const round = parameters.bind(customersRound(name), 'String');
    const pairs = `SELECT arrayJoin(arrayZip(${parameters.bind(keys, 'Array(UInt64)')}, ${parameters.bind(groups, 'Array(UInt64)')})) AS pair`;
    return `INSERT INTO dirty_units (round, unit_key)
SELECT ${round} AS round, pair.1 AS unit_key FROM (${pairs})
WHERE unit_key GLOBAL NOT IN ${keysOf(round)}
  AND pair.2 IN (SELECT pair.2 FROM (SELECT pair, pair.1 AS key FROM (${pairs})) WHERE key GLOBAL IN ${keysOf(round)} OR ${customerScopeSql('key', unit, scope, parameters)})`;
  });
}

/** Anonymous ids that those customers ever named, and those of the scope. */
function anonymousStep({ unit, scope, name }: PeopleWanted): Step {
  return step('people-anonymous', (parameters) => {
    const customers = parameters.bind(customersRound(name), 'String');
    return `INSERT INTO dirty_units (round, unit_key)
SELECT DISTINCT ${parameters.bind(anonymousRound(name), 'String')} AS round, key AS unit_key FROM (
SELECT member_key AS key FROM identity_links WHERE is_anonymous AND customer_key GLOBAL IN ${keysOf(customers)}
UNION ALL
SELECT member_key AS key FROM identity_claims WHERE is_anonymous AND ${customerScopeSql('member_key', unit, scope, parameters)}
)`;
  });
}

/**
 * The people. `rank` of an anonymous id: the weight of its events, and of all that claims it. Of a customer: the same of everybody who ever was
 * one person with it and of all anonymous ids that these ever named. So it grows with all that could have changed the row, whichever way.
 */
function peopleStep({ unit, scope, name }: PeopleWanted, merges: Merges): Step {
  return step('people', (parameters) => {
    const round = parameters.bind(name, 'String');
    const customers = keysOf(parameters.bind(customersRound(name), 'String'));
    const anonymous = keysOf(parameters.bind(anonymousRound(name), 'String'));
    const keys = parameters.bind(merges.keys, 'Array(UInt64)');
    const mergedInto = (key: string, values: readonly bigint[]) =>
      merges.keys.length === 0
        ? key
        : `transform(${key}, ${keys}, ${parameters.bind(values, 'Array(UInt64)')}, ${key})`;
    const weights = (
      of: string,
    ) => `SELECT key, sum(weight) * 4294967296 + toUInt128(sum(is_loser)) AS weight, max(name) AS customer, max(alias) AS anonymous FROM (
SELECT customer_key AS key, content_hash, toUInt128(4503599627370496) - min(toUnixTimestamp64Micro(received_at)) AS weight, any(customer) AS name, any(events.anonymous) AS alias,
  max(content_hash IN (SELECT content_hash FROM superseded_events WHERE customer_key GLOBAL IN ${of})) AS is_loser
FROM events WHERE customer_key GLOBAL IN ${of}
GROUP BY key, content_hash
)
GROUP BY key`;
    const owners = `SELECT member_key AS key, ${mergedInto('owner', merges.persons)} AS owner_person, evidence FROM (\n${ownersSql({ where: `member_key GLOBAL IN ${anonymous}` }, parameters)}\n)`;
    const anonymousRows = `SELECT key, if(owner_person = 0, key, owner_person) AS person_key, weights.weight + owners.evidence AS rank, weights.customer AS customer, weights.anonymous AS anonymous
FROM (\n${owners}\n) AS owners
GLOBAL ANY LEFT JOIN (\n${weights(anonymous)}\n) AS weights USING (key)`;
    const named = `SELECT links.customer_key AS key, sum(ids.rank) AS rank
FROM (SELECT DISTINCT customer_key, member_key FROM identity_links WHERE is_anonymous AND customer_key GLOBAL IN ${customers}) AS links
GLOBAL INNER JOIN (\n${anonymousRows}\n) AS ids ON links.member_key = ids.key
GROUP BY key`;
    const customerRows = `SELECT key, ${mergedInto('key', merges.persons)} AS person_key, sum(weights.weight + named.rank) OVER (PARTITION BY ${mergedInto('key', merges.groups)}) AS rank,
  weights.customer AS customer, '' AS anonymous
FROM (\n${weights(customers)}\n) AS weights
GLOBAL ANY LEFT JOIN (\n${named}\n) AS named USING (key)`;
    return `INSERT INTO people (round, key, person_key, is_unit, rank, customer, anonymous)
SELECT ${round} AS round, key, person_key, ${customerScopeSql('key', unit, scope, parameters)} AS is_unit, rank, customer, if(customer = '', anonymous, '') AS anonymous FROM (
${anonymousRows}
UNION ALL
${customerRows}
)`;
  });
}

const somebody = defineQuery({
  name: 'people-somebody',
  sql: 'SELECT key FROM people WHERE round = {round:String} LIMIT 1',
  params: z.object({ round: z.string() }),
  row: z.object({ key: bigintColumn }),
});

/**
 * Writes down in table `people` who is who among the units of a scope (of accounts: among all customers of the scope's accounts); answers whether
 * there is anybody about whom events say anything. {@link dropPeople} forgets it. Comes after `noteIdentities` and, for a round, `spreadRound`.
 */
export async function resolvePeople(clickhouse: ClickHouse, wanted: PeopleWanted): Promise<boolean> {
  const [state] = await clickhouse.queryOnWriter(identityState, {});
  if (state === undefined || state.links === 0) return false;
  const { unit, scope, name } = wanted;
  const within = scope.kind === 'round' && unit === 'customer' ? { round: scope.round } : {};
  const merges =
    state.aliases === 0 ? noMerges : await readMerges(clickhouse, { asOfUs: null, onWriter: true, ...within });
  const merged = merges.keys.length === 0 ? [] : [mergedStep(wanted, merges)];
  for (const { statement, values } of [
    customersStep(wanted),
    ...merged,
    anonymousStep(wanted),
    peopleStep(wanted, merges),
  ]) {
    await clickhouse.insertSelect(statement, values);
  }
  const found = await clickhouse.queryOnWriter(somebody, { round: name });
  await dropRounds(clickhouse, [customersRound(name), anonymousRound(name)]);
  return found.length > 0;
}

const dropPeopleStatement = defineStatement({
  name: 'drop-people',
  sql: 'ALTER TABLE people DROP PARTITION {round:String} SETTINGS distributed_ddl_task_timeout = 0',
});

/** Forgets who is who in a round. */
export async function dropPeople(clickhouse: ClickHouse, name: string): Promise<void> {
  await clickhouse.command(dropPeopleStatement, { round: name });
}
