import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import type { Parameters } from '../funnel/parameters.ts';
import { type Merges, noMerges } from './merge-customers.ts';
import { identityState, readMerges } from './merges.ts';
import { ownersSql } from './sql-owners.ts';

/** Who is who as of an instant, as far as a question carries it: the rest follows from table `identity_claims`. */
export interface PeopleAsOf {
  /** µs since 1970; null: by all events, as journeys are derived. */
  readonly asOfUs: number | null;
  readonly merges: Merges;
}

/** Reads who is who as of an instant; null when no event says anything about that, so that questions needn't look. */
export async function readPeople(
  clickhouse: ClickHouse,
  asOfUs: number | null,
  options?: QueryOptions,
): Promise<PeopleAsOf | null> {
  const [state] = await clickhouse.query(identityState, {}, options);
  if (state === undefined || state.links === 0) return null;
  if (state.aliases === 0) return { asOfUs, merges: noMerges };
  return { asOfUs, merges: await readMerges(clickhouse, { asOfUs }, options) };
}

/** SQL of whom anonymous ids belong to, `member_key, owner, owner_name`, as noted; as of an instant before the last change from the claims. */
function notedOwnersSql(asOfUs: number | null, where: string, parameters: Parameters): string {
  const noted = `SELECT member_key, customer_key AS owner, customer AS owner_name FROM identity_members FINAL WHERE customer_key != 0 AND ${where}`;
  if (asOfUs === null) return noted;
  const later = `changed_at > ${parameters.bind(asOfUs, 'Int64')}`;
  const changed = `member_key GLOBAL IN (SELECT member_key FROM identity_members FINAL WHERE ${later} AND ${where})`;
  return `${noted} AND NOT (${later})
UNION ALL
SELECT member_key, owner, owner_name FROM (\n${ownersSql({ asOfUs, where: `${where} AND ${changed}` }, parameters)}\n) WHERE owner != 0`;
}

/**
 * SQL of a key's person where that is another: `member_key, person_key, person_name`, one row per key. `where`: a condition on `member_key`, which
 * anonymous ids are looked at.
 */
export function personMapSql({ asOfUs, merges }: PeopleAsOf, parameters: Parameters, where = '1'): string {
  const owners = notedOwnersSql(asOfUs, where, parameters);
  const moved = merges.keys.flatMap((key, i) => {
    const [person, name] = [merges.persons[i], merges.names[i]];
    return person === undefined || name === undefined || person === key ? [] : [{ key, person, name }];
  });
  if (moved.length === 0) {
    return `SELECT member_key, owner AS person_key, owner_name AS person_name FROM (\n${owners}\n)`;
  }
  const keys = parameters.bind(
    moved.map(({ key }) => key),
    'Array(UInt64)',
  );
  const persons = parameters.bind(
    moved.map(({ person }) => person),
    'Array(UInt64)',
  );
  const names = parameters.bind(
    moved.map(({ name }) => name),
    'Array(String)',
  );
  return `SELECT member_key, transform(owner, ${keys}, ${persons}, owner) AS person_key, transform(owner, ${keys}, ${names}, owner_name) AS person_name
FROM (\n${owners}\n)
UNION ALL
SELECT moved.1 AS member_key, moved.2 AS person_key, moved.3 AS person_name FROM (SELECT arrayJoin(arrayZip(${keys}, ${persons}, ${names})) AS moved)`;
}

/** Table `events` for a FROM clause, and SQL of the person behind an event in it. */
export interface PersonEvents {
  readonly from: string;
  readonly person: string;
  /** Id of the customer that the person is; '' for somebody known by an anonymous id only, who then has `anonymous`. */
  readonly customer: string;
  readonly anonymous: string;
}

/**
 * The events with their persons; without people every key is a person of its own. Rows are joined, because grouping by key first costs more. `rows`:
 * what stands in for the table, a subquery in brackets that has its `customer_key`.
 */
export function personEvents(people: PeopleAsOf | null, parameters: Parameters, rows = 'events'): PersonEvents {
  if (people === null) {
    const anonymous = "if(customer = '', anonymous, '')";
    return { from: rows, person: 'customer_key', customer: 'customer', anonymous };
  }
  return {
    from: `${rows}${rows === 'events' ? '' : ' AS events'} GLOBAL ANY LEFT JOIN (\n${personMapSql(people, parameters)}\n) AS people ON events.customer_key = people.member_key`,
    person: 'if(people.person_key = 0, events.customer_key, people.person_key)',
    customer: 'if(people.person_key = 0, events.customer, people.person_name)',
    anonymous: "if(people.person_key = 0 AND events.customer = '', events.anonymous, '')",
  };
}
