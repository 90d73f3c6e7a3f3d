import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { readPeople } from '../identity/person-map.ts';
import { contactPairs } from './contact-pairs.ts';
import { cutTo } from './path-visits.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';

const doubleContact = z.object({
  customer: z.string(),
  anonymous: z.string(),
  segment: z.string(),
  topic: z.string(),
  firstTeam: z.string(),
  firstAtUs: integerColumn,
  secondTeam: z.string(),
  secondAtUs: integerColumn,
});

/** One double contact. `customer` is null for one known by an anonymous id only, who then has `anonymous`. Times in µs. */
export type DoubleContact = Omit<z.output<typeof doubleContact>, 'customer' | 'anonymous' | 'segment'> & {
  readonly customer: string | null;
  readonly anonymous: string | null;
  readonly segment: string | null;
};

/** The double contacts themselves, the newest first. */
export async function listDoubleContacts(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { withinUs, limit }: { readonly withinUs: number; readonly limit: number },
  options?: QueryOptions,
): Promise<RowsAnswer<DoubleContact>> {
  const people = await readPeople(clickhouse, null, options);
  const parameters = createParameters();
  const sql = `SELECT customer, anonymous, segment, topic, first_team AS firstTeam, first_at AS firstAtUs, team AS secondTeam, at AS secondAtUs
FROM (
${contactPairs(scope, people, withinUs, parameters)}
)
WHERE first_team != ''
ORDER BY at DESC, person, topic, team
LIMIT ${parameters.bind(limit + 1, 'UInt32')}`;
  const query = defineQuery({ name: 'journey-double-contact-list', sql, params: anyParameters, row: doubleContact });
  const found = cutTo(await runBound(clickhouse, { query, values: parameters.values() }, options), limit);
  return {
    isTruncated: found.isTruncated,
    rows: found.rows.map(({ customer, anonymous, segment, ...contact }) => ({
      customer: customer || null,
      anonymous: customer === '' ? anonymous : null,
      segment: scope.by === null ? null : segment,
      ...contact,
    })),
  };
}
