import { bigintColumn, type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { type AliasPair, type Merges, mergeCustomers } from './merge-customers.ts';

const pairRow = z.object({
  customerKey: bigintColumn,
  customer: z.string(),
  previousKey: bigintColumn,
  previous: z.string(),
  isActive: integerColumn,
});

/** Which aliases are looked at. */
export interface MergesWanted {
  /** As of when, µs; null for all events. */
  readonly asOfUs: number | null;
  /** Only those whose previous customer is in this round of `dirty_units`. */
  readonly round?: string;
  readonly onWriter?: boolean;
}

/**
 * Reads which customers aliases make one person. An alias counts where both ids have events of their own (as of then, for it to be in
 * force): an anonymous id that was named as previous doesn't join the customers who named it.
 */
export async function readMerges(
  clickhouse: ClickHouse,
  { asOfUs, round, onWriter = false }: MergesWanted,
  options?: QueryOptions,
): Promise<Merges> {
  const parameters = createParameters();
  const until = asOfUs === null ? null : parameters.bind(asOfUs, 'Int64');
  const aliased = `is_anonymous = 0${round === undefined ? '' : ` AND member_key GLOBAL IN (SELECT unit_key FROM dirty_units WHERE round = ${parameters.bind(round, 'String')})`}`;
  const last = until === null ? 'length(change_at)' : `arrayLastIndex(at -> at <= ${until}, change_at)`;
  const counts = until === null ? '1' : `occurred_at <= fromUnixTimestamp64Micro(${until}, 'UTC')`;
  const known = `SELECT customer_key AS key, max(${counts} AND content_hash NOT IN (SELECT content_hash FROM superseded_events)) AS is_live
FROM events
WHERE customer_key GLOBAL IN (SELECT member_key FROM identity_claims WHERE ${aliased})
GROUP BY key`;
  const sql = `SELECT customer_key AS customerKey, customer, member_key AS previousKey, member AS previous, in_force AND known.is_live AS isActive
FROM (SELECT customer_key, customer, member_key, member, ${last} AS last, last != 0 AND change_undone[last] = 0 AS in_force FROM identity_claims FINAL WHERE ${aliased}) AS aliases
GLOBAL INNER JOIN (\n${known}\n) AS known ON aliases.member_key = known.key
ORDER BY customerKey, previousKey`;
  const query = defineQuery({ name: 'identity-merges', sql, params: anyParameters, row: pairRow });
  const rows = onWriter
    ? await clickhouse.queryOnWriter(query, parameters.values())
    : await clickhouse.query(query, parameters.values(), options);
  return mergeCustomers(rows.map((row): AliasPair => ({ ...row, isActive: row.isActive === 1 })));
}

const anyRow = z.object({ aliases: integerColumn, links: integerColumn });

/** Whether events name several ids of anybody, and whether there are aliases: most of the work is left out where there are none. */
export const identityState = defineQuery({
  name: 'identity-state',
  sql: `SELECT (SELECT count() FROM identity_links) AS links, (SELECT count() FROM identity_claims WHERE is_anonymous = 0) AS aliases`,
  params: z.object({}),
  row: anyRow,
});
