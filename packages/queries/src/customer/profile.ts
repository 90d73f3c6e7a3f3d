import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { canonicalOrder, personEventRows } from './customer-events.ts';
import type { Person } from './person.ts';

/** What is known of a customer as of an instant. Times in µs. */
export interface CustomerProfile {
  /** Anonymous ids on the customer's events, by name; 1000 at most. */
  readonly anonymousIds: readonly string[];
  /** The last one on an event; null for none. */
  readonly account: string | null;
  readonly firstSeenUs: number;
  readonly lastSeenUs: number;
  readonly events: number;
  /** Last value of every trait, by name. */
  readonly traits: Readonly<Record<string, string>>;
  /** First value of every trait. */
  readonly firstTraits: Readonly<Record<string, string>>;
}

const profileRow = z.object({
  anonymousIds: z.array(z.string()),
  account: z.string(),
  firstSeenUs: integerColumn,
  lastSeenUs: integerColumn,
  events: integerColumn,
});

const traitRow = z.object({ name: z.string(), first: z.string(), last: z.string() });

const place = `(${canonicalOrder.join(', ')})`;
const listMax = 1000;

function profileQuery(person: Person, asOfUs: number) {
  const parameters = createParameters();
  const sql = `SELECT arraySort(groupUniqArrayIf(${listMax})(anonymous, anonymous != '')) AS anonymousIds,
  argMaxIf(account, ${place}, account != '') AS account, min(at) AS firstSeenUs, max(at) AS lastSeenUs, count() AS events
FROM (
${personEventRows(person, asOfUs, ['anonymous', 'account'], parameters)}
)
HAVING events > 0`;
  const query = defineQuery({ name: 'customer-profile', sql, params: anyParameters, row: profileRow });
  return { query, values: parameters.values() };
}

function traitsQuery(person: Person, asOfUs: number) {
  const parameters = createParameters();
  const sql = `SELECT toString(trait) AS name, argMin(value, ${place}) AS first, argMax(value, ${place}) AS last
FROM (
${personEventRows(person, asOfUs, ['mapKeys(traits) AS names', 'mapValues(traits) AS texts'], parameters)}
)
ARRAY JOIN names AS trait, texts AS value
GROUP BY name
ORDER BY name
LIMIT ${listMax}`;
  const query = defineQuery({ name: 'customer-traits', sql, params: anyParameters, row: traitRow });
  return { query, values: parameters.values() };
}

/** Who a customer is as of an instant; null when the person has no event up to then. */
export async function readCustomerProfile(
  clickhouse: ClickHouse,
  person: Person,
  asOfUs: number,
  options?: QueryOptions,
): Promise<CustomerProfile | null> {
  const [profile] = await runBound(clickhouse, profileQuery(person, asOfUs), options);
  if (profile === undefined) return null;
  const traits = await runBound(clickhouse, traitsQuery(person, asOfUs), options);
  return {
    ...profile,
    account: profile.account || null,
    traits: Object.fromEntries(traits.map(({ name: trait, last }) => [trait, last])),
    firstTraits: Object.fromEntries(traits.map(({ name: trait, first }) => [trait, first])),
  };
}
