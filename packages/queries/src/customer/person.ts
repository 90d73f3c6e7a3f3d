import { bigintColumn, type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { noMerges } from '../identity/merge-customers.ts';
import { type PeopleAsOf, personMapSql, readPeople } from '../identity/person-map.ts';
import { ownersSql } from '../identity/sql-owners.ts';
import { type CustomerName, customerKeySql } from './customer-events.ts';

/** Who somebody is as of an instant: the id that the person goes by, and the keys of all its ids. */
export interface Person {
  readonly name: CustomerName;
  readonly keys: readonly bigint[];
}

const ownRow = z.object({ key: bigintColumn, personKey: bigintColumn, personName: z.string() });

function ownQuery(name: CustomerName, people: PeopleAsOf) {
  const parameters = createParameters();
  const key = customerKeySql(name, parameters);
  const sql = `SELECT ${key} AS key, max(person_key) AS personKey, max(person_name) AS personName
FROM (\n${personMapSql(people, parameters, `member_key = ${key}`)}\n) WHERE member_key = ${key}`;
  const query = defineQuery({ name: 'person-of-name', sql, params: anyParameters, row: ownRow });
  return { query, values: parameters.values() };
}

const memberRow = z.object({ key: bigintColumn });

const linkedTo = (customers: string) =>
  `member_key GLOBAL IN (SELECT member_key FROM identity_links WHERE customer_key IN ${customers})`;

function membersQuery(customerKeys: readonly bigint[], people: PeopleAsOf) {
  const parameters = createParameters();
  const customers = parameters.bind(customerKeys, 'Array(UInt64)');
  const sql = `SELECT member_key AS key FROM (\n${ownersSql({ asOfUs: people.asOfUs, where: linkedTo(customers) }, parameters)}\n)
WHERE has(${customers}, owner)
ORDER BY key`;
  const query = defineQuery({ name: 'person-members', sql, params: anyParameters, row: memberRow });
  return { query, values: parameters.values() };
}

/** The person behind an id, whichever of its ids that is. Somebody whom no event names is a person too. */
export async function readPerson(
  clickhouse: ClickHouse,
  name: CustomerName,
  asOfUs: number | null,
  options?: QueryOptions,
): Promise<Person> {
  const people = (await readPeople(clickhouse, asOfUs, options)) ?? { asOfUs, merges: noMerges };
  const [own] = await runBound(clickhouse, ownQuery(name, people), options);
  if (own === undefined) return { name, keys: [] };
  const isAnother = own.personKey !== 0n;
  const personKey = isAnother ? own.personKey : own.key;
  const merged = people.merges.keys.filter((key, i) => key !== personKey && people.merges.persons[i] === personKey);
  const customers = [personKey, ...merged];
  const members = await runBound(clickhouse, membersQuery(customers, people), options);
  return {
    name: isAnother ? { id: own.personName, isAnonymous: false } : name,
    keys: [...customers, ...members.map(({ key }) => key)],
  };
}

/** One of the ids of a person besides the one it goes by, or one that was. Times in µs. */
export interface Identity {
  readonly kind: 'customer' | 'anonymous';
  readonly id: string;
  /** `claim`: events carry both ids; `alias`: an event said so. */
  readonly because: 'claim' | 'alias';
  /** The customer whose event says so. */
  readonly claimedBy: string;
  readonly sinceUs: number;
  readonly eventId: string;
  /** When an alias was undone; null while it is in force. */
  readonly undoneUs: number | null;
  /** Of an anonymous id: how many other customers claim it as well. */
  readonly contestedBy: number;
  /** Of an anonymous id that belongs to somebody else, who claimed it first: that customer. */
  readonly belongsTo: string | null;
}

const identityRow = z.object({
  isAnonymous: integerColumn,
  id: z.string(),
  because: z.enum(['claim', 'alias']),
  claimedBy: z.string(),
  sinceUs: integerColumn,
  eventId: z.string(),
  undoneUs: integerColumn,
  contestedBy: integerColumn,
  belongsTo: z.string(),
});

const identitiesMax = 1000;

/**
 * The changes that count, the customers who claim the same anonymous ids, and whom these belong to. An alias names a customer, or an anonymous id: it
 * is shown as that which has events, as the latter where neither has.
 */
function identitiesSql(people: PeopleAsOf, keys: readonly bigint[], parameters: Parameters): string {
  const own = parameters.bind(keys, 'Array(UInt64)');
  const isOwn = (column: string) => `${column} IN ${own}`;
  const isOther = (column: string) => `${column} NOT IN ${own}`;
  const until = people.asOfUs === null ? '1' : `at <= ${parameters.bind(people.asOfUs, 'Int64')}`;
  const changes = (where: string) => `SELECT is_anonymous, member_key, member, customer_key, customer, because,
  arrayLastIndex(at -> ${until}, change_at) AS last, change_undone[last] AS is_undone, if(is_undone, last - 1, last) AS begun,
  change_at[begun] AS since, change_event[begun] AS event, if(is_undone, change_at[last], 0) AS undone
FROM identity_claims FINAL
WHERE ${where} AND last != 0`;
  const linked = `is_anonymous = 1 AND ${linkedTo(own)}`;
  const claimers = `SELECT member_key, uniqExactIf(customer_key, ${isOther('customer_key')}) AS others
FROM (\n${changes(linked)}\n) WHERE NOT is_undone GROUP BY member_key`;
  const told = `((${linked} AND ${isOwn('customer_key')}) OR (is_anonymous = 0 AND (${isOwn('customer_key')} OR ${isOwn('member_key')})))`;
  const aliased = `SELECT member_key FROM identity_claims WHERE because = 'alias' AND (${isOwn('customer_key')} OR ${isOwn('member_key')})`;
  const present = `(SELECT customer_key FROM events WHERE customer_key GLOBAL IN (${aliased}))`;
  const shown = `(because = 'claim' OR member_key GLOBAL IN ${present} OR (is_anonymous AND cityHash64(member) GLOBAL NOT IN ${present}))`;
  return `SELECT is_anonymous AS isAnonymous, if(NOT is_anonymous AND ${isOther('customer_key')}, customer, member) AS id,
  toString(because) AS because, customer AS claimedBy, since AS sinceUs, event AS eventId, undone AS undoneUs,
  if(is_anonymous, claimers.others, 0) AS contestedBy, if(is_anonymous AND map.person_key != 0 AND ${isOther('map.person_key')}, map.person_name, '') AS belongsTo
FROM (\n${changes(`${told} AND ${shown}`)}\n) AS claims
GLOBAL ANY LEFT JOIN (\n${claimers}\n) AS claimers ON claims.member_key = claimers.member_key
GLOBAL ANY LEFT JOIN (\n${personMapSql(people, parameters, linkedTo(own))}\n) AS map ON claims.member_key = map.member_key
ORDER BY since, event, isAnonymous, id, claimedBy
LIMIT ${identitiesMax}`;
}

/** The ids of a person and why, the earliest first; aliases that were undone too, and shared anonymous ids of somebody else. 1000 at most. */
export async function readIdentities(
  clickhouse: ClickHouse,
  { keys }: Person,
  asOfUs: number | null,
  options?: QueryOptions,
): Promise<Identity[]> {
  const people = await readPeople(clickhouse, asOfUs, options);
  if (people === null || keys.length === 0) return [];
  const parameters = createParameters();
  const sql = identitiesSql(people, keys, parameters);
  const query = defineQuery({ name: 'person-identities', sql, params: anyParameters, row: identityRow });
  const rows = await runBound(clickhouse, { query, values: parameters.values() }, options);
  return rows.map(({ isAnonymous, undoneUs, belongsTo, ...row }) => ({
    kind: isAnonymous === 1 ? 'anonymous' : 'customer',
    ...row,
    undoneUs: undoneUs === 0 ? null : undoneUs,
    belongsTo: belongsTo || null,
  }));
}
