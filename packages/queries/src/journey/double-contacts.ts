import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { type PeopleAsOf, readPeople } from '../identity/person-map.ts';
import { bucketsOf, type Cell, cellKey } from './cells.ts';
import { contactPairs } from './contact-pairs.ts';
import { groupRows } from './group-rows.ts';
import { maturity, type RateState, rateOf } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';

/** Contacts on a topic that came too soon after another team's. Bucket of the second contact, µs. */
export interface DoubleContactsRow extends Cell {
  readonly topic: string;
  readonly firstTeam: string;
  readonly secondTeam: string;
  /** Second contacts. */
  readonly contacts: number;
  readonly customers: number;
  /** All outbound contacts on the topic, by whatever team, in the segment and bucket. */
  readonly outbound: number;
  readonly share: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly state: RateState;
  /** Median time from the first contact to the second. */
  readonly secondsBetweenP50: number | null;
}

const pairsRow = z.object({
  topic: z.string(),
  firstTeam: z.string(),
  secondTeam: z.string(),
  segment: z.string(),
  bucket: integerColumn,
  contacts: integerColumn,
  customers: integerColumn,
  outbound: integerColumn,
  secondsP50: z.number(),
});
type Pairs = z.output<typeof pairsRow>;

const rowsMax = 100_000;

/** Single contacts are one row for each topic, segment and bucket, with empty teams. */
function pairsQuery(scope: JourneyScope, people: PeopleAsOf | null, withinUs: number) {
  const parameters = createParameters();
  const sql = `SELECT *, sum(contacts) OVER (PARTITION BY topic, segment, bucket) AS outbound
FROM (
SELECT topic, first_team AS firstTeam, if(first_team = '', '', team) AS secondTeam, segment, bucket, count() AS contacts,
  uniqExact(person) AS customers, quantileExactInclusive(0.5)(at - first_at) / 1000000 AS secondsP50
FROM (
${contactPairs(scope, people, withinUs, parameters)}
)
GROUP BY topic, firstTeam, secondTeam, segment, bucket
)
ORDER BY topic, firstTeam, secondTeam, segment, bucket
LIMIT ${rowsMax}`;
  const query = defineQuery({ name: 'journey-double-contacts', sql, params: anyParameters, row: pairsRow });
  return { query, values: parameters.values() };
}

/** How often two teams wrote to the same customer about the same topic, those with the most contacts first. */
export async function runDoubleContacts(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { withinUs }: { readonly withinUs: number },
  options?: QueryOptions,
): Promise<RowsAnswer<DoubleContactsRow>> {
  const people = await readPeople(clickhouse, null, options);
  const [pairs, buckets] = await Promise.all([
    runBound(clickhouse, pairsQuery(scope, people, withinUs), options),
    bucketsOf(clickhouse, scope, options),
  ]);
  const { rows, isTruncated } = doubleContactsRows(scope, pairs, buckets);
  return { rows, isTruncated: isTruncated || pairs.length === rowsMax };
}

/** Rows of the answer; buckets without such a contact are rows of zeros. Pure. */
export function doubleContactsRows(
  scope: Pick<JourneyScope, 'by'>,
  pairs: readonly Pairs[],
  buckets: readonly (number | null)[],
): RowsAnswer<DoubleContactsRow> {
  const outboundOf = new Map(pairs.map((row) => [JSON.stringify([row.topic, row.segment, row.bucket]), row.outbound]));
  const doubles = pairs.filter(({ firstTeam }) => firstTeam !== '');
  const size = (rows: readonly Pairs[]) => rows.reduce((sum, { contacts }) => sum + contacts, 0);
  const groups = [
    ...groupRows(doubles, ({ topic, firstTeam, secondTeam, segment }) =>
      JSON.stringify([topic, firstTeam, secondTeam, segment]),
    ).values(),
  ].sort((a, b) => size(b) - size(a));
  const shown = groups.slice(0, Math.max(1, Math.floor(rowsMax / Math.max(1, buckets.length))));
  const rows = shown.flatMap((group) => {
    const byBucket = new Map(group.map((row) => [cellKey(row), row]));
    const { topic = '', firstTeam = '', secondTeam = '', segment = '' } = group[0] ?? {};
    return buckets.map((bucket): DoubleContactsRow => {
      const own = byBucket.get(cellKey({ segment, bucket }));
      const outbound = outboundOf.get(JSON.stringify([topic, segment, bucket ?? 0])) ?? 0;
      const { k, n, rate, lo, hi } = rateOf(own?.contacts ?? 0, outbound);
      return {
        topic,
        firstTeam,
        secondTeam,
        segment: scope.by === null ? null : segment,
        bucket,
        contacts: k,
        customers: own?.customers ?? 0,
        outbound: n,
        share: rate,
        lo,
        hi,
        state: maturity(n, n).state,
        secondsBetweenP50: own?.secondsP50 ?? null,
      };
    });
  });
  return { rows, isTruncated: shown.length < groups.length };
}
