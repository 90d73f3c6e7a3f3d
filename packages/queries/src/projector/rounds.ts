import { defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';

/** How many rows a round of the projector has in `dirty_units`. */
export const roundSize = defineQuery({
  name: 'projector_round_size',
  sql: 'SELECT toFloat64(count()) AS units FROM dirty_units WHERE round = {round:String}',
  params: z.object({ round: z.string().min(1) }),
  row: z.object({ units: z.number() }),
});

/** Names of the rounds that have rows: those under way, and what a killed projector left behind. */
export const roundsPresent = defineQuery({
  name: 'projector_rounds_present',
  sql: 'SELECT DISTINCT round FROM dirty_units ORDER BY round',
  params: z.object({}),
  row: z.object({ round: z.string() }),
});

/** Names of the rounds and ranges whose people are written down, as {@link roundsPresent}. */
export const peoplePresent = defineQuery({
  name: 'projector_people_present',
  sql: 'SELECT DISTINCT round FROM people ORDER BY round',
  params: z.object({}),
  row: z.object({ round: z.string() }),
});

/**
 * Customers of a round that are hot themselves, or that ever carried a hot account: as they stand in `dirty_units`, each with
 * the key of what is hot. Keys as decimal text.
 */
export const hotCustomers = defineQuery({
  name: 'projector_hot_customers',
  sql: `
    SELECT DISTINCT toString(unit_key) AS customerKey, customer, anonymous, 'customer' AS unit, toString(unit_key) AS hotKey
    FROM dirty_units
    WHERE round = {round:String} AND unit_key IN (SELECT arrayJoin({customers:Array(UInt64)}))
    UNION ALL
    SELECT DISTINCT toString(dirty.unit_key) AS customerKey, dirty.customer AS customer, dirty.anonymous AS anonymous,
           'account' AS unit, toString(members.account_key) AS hotKey
    FROM dirty_units AS dirty
    GLOBAL INNER JOIN (SELECT account_key, customer_key FROM account_members WHERE account_key IN (SELECT arrayJoin({accounts:Array(UInt64)}))) AS members
      ON members.customer_key = dirty.unit_key
    WHERE dirty.round = {round:String}`,
  params: z.object({ round: z.string().min(1), customers: z.array(z.bigint()), accounts: z.array(z.bigint()) }),
  row: z.object({
    customerKey: z.string(),
    customer: z.string(),
    anonymous: z.string(),
    unit: z.enum(['customer', 'account']),
    hotKey: z.string(),
  }),
});
