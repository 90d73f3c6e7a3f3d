import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { createParameters } from '../funnel/parameters.ts';
import { eventNumber, flagPart, numberPart } from './event-layout.ts';
import type { UnitScope } from './scope.ts';
import { deriveSettings } from './settings.ts';
import { absorbedSql, type Crowd, eventSource } from './sql-people.ts';
import { sortedEvents } from './sql-timelines.ts';

/** `name → value` of those pairs of all events that come first (or last) of their name, by name. */
function traitMap(keys: string, values: string): string {
  const kept = (array: string) => `arrayFilter((x, nth) -> nth = 1, ${array}, arrayEnumerateUniq(${keys}))`;
  const sorted = `arraySort(pair -> pair.1, arrayZip(${kept(keys)}, ${kept(values)}))`;
  return `mapFromArrays(arrayMap(pair -> pair.1, ${sorted}), arrayMap(pair -> pair.2, ${sorted}))`;
}

function customersStatement(scope: UnitScope, crowd: Crowd) {
  const parameters = createParameters();
  const source = eventSource('customer', scope, crowd, parameters);
  const rows = `SELECT ${source.person} AS person_key, if(customer_key = person_key, ${source.rank}, toUInt128(0)) AS own_rank,
  if(customer_key = person_key, customer, '') AS own_customer, if(customer_key = person_key, anonymous, '') AS own_anonymous,
  event_id AS id, account, mapKeys(traits) AS names, mapValues(traits) AS texts,
  toUInt32(131072 * (content_hash IN (SELECT content_hash FROM superseded_events WHERE ${source.where}))) AS flags, ${eventNumber} AS number
FROM ${source.from}
WHERE ${source.where}`;
  const grouped = `SELECT person_key, max(own_rank) AS known_rank, max(own_customer) AS unit_customer, max(own_anonymous) AS unit_anonymous,
  arrayZip(groupArray(number), groupArray(id), groupArray(account), groupArray(names), groupArray(texts)) AS raw
FROM (\n${rows}\n)
GROUP BY person_key`;
  const sql = `INSERT INTO customers (customer_key, rank, customer, anonymous, account, first_at, last_at, events, first_traits, last_traits)
SETTINGS ${deriveSettings}
SELECT person_key AS customer_key, if(known_rank != 0, known_rank, weight * 4294967296 + toUInt128(losers)) AS rank, unit_customer AS customer, if(unit_customer = '', unit_anonymous, '') AS anonymous,
  arrayLast(account -> account != '', live.3) AS account, times[1] AS first_at, times[-1] AS last_at, length(times) AS events,
  ${traitMap('names', 'texts')} AS first_traits, ${traitMap('arrayReverse(names)', 'arrayReverse(texts)')} AS last_traits
FROM (
SELECT *, arrayMap(n -> ${numberPart.time('n')}, live.1) AS times, arrayFlatten(live.4) AS names, arrayFlatten(live.5) AS texts
FROM (
SELECT * EXCEPT contents, arraySum(arrayMap(n -> toUInt128(4503599627370496) - ${numberPart.receivedUs('n')}, contents.1)) AS weight,
  arrayCount(n -> ${flagPart.superseded('n')}, contents.1) AS losers, arrayFilter(e -> NOT ${flagPart.superseded('e.1')}, contents) AS live
FROM (
SELECT * EXCEPT events, arrayCompact(e -> ${numberPart.content('e.1')}, events) AS contents
FROM (\n${sortedEvents(grouped)}\n)
)
)
)`;
  const statement = defineStatement({ name: 'derive-customers', sql, isShardLocal: crowd === 'alone' });
  return { statement, values: parameters.values() };
}

function emptyAbsorbed(people: string) {
  const parameters = createParameters();
  const sql = `INSERT INTO customers (customer_key, rank, customer, anonymous)
SELECT key AS customer_key, rank, customer, anonymous FROM (${absorbedSql(people, parameters)})`;
  return { statement: defineStatement({ name: 'empty-absorbed-customers', sql }), values: parameters.values() };
}

/**
 * Derives the rows of `customers` of the scope's customers from their whole timelines: first and last value of every trait, last account, bounds
 * and number of events. A person with several ids has one row, the others' are empty. Safe to repeat and to interleave, as the journeys are.
 */
export async function deriveCustomers(clickhouse: ClickHouse, scope: UnitScope): Promise<void> {
  const { people } = scope;
  const statements =
    people === undefined
      ? [customersStatement(scope, 'alone')]
      : [customersStatement(scope, 'alone'), customersStatement(scope, 'people'), emptyAbsorbed(people)];
  for (const { statement, values } of statements) await clickhouse.insertSelect(statement, values);
}
