import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  microsecondsColumn,
  type QueryOptions,
} from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from './funnel/bound-query.ts';
import { createParameters } from './funnel/parameters.ts';
import { type PeopleAsOf, personEvents, readPeople } from './identity/person-map.ts';

const touchpointRow = z.object({
  touchpoint: z.string(),
  events: integerColumn,
  customers: integerColumn,
  firstAt: microsecondsColumn,
  lastAt: microsecondsColumn,
});

interface TouchpointsAsked {
  readonly fromUs: number;
  readonly toUs: number;
  readonly limit: number;
}

function touchpointsQuery({ fromUs, toUs, limit }: TouchpointsAsked, people: PeopleAsOf | null) {
  const parameters = createParameters();
  const { from, person } = personEvents(people, parameters);
  const instant = (us: number) => `fromUnixTimestamp64Micro(${parameters.bind(us, 'Int64')}, 'UTC')`;
  const sql = `SELECT toString(touchpoint) AS touchpoint, uniqExact(occurred_at, content_hash) AS events, uniqExact(${person}) AS customers,
  min(occurred_at) AS firstAt, max(occurred_at) AS lastAt
FROM ${from}
WHERE occurred_at >= ${instant(fromUs)} AND occurred_at < ${instant(toUs)}
  AND content_hash NOT IN (SELECT content_hash FROM superseded_events)
GROUP BY touchpoint
ORDER BY customers DESC, touchpoint
LIMIT ${parameters.bind(limit, 'UInt32')}`;
  const query = defineQuery({ name: 'touchpoints', sql, params: anyParameters, row: touchpointRow });
  return { query, values: parameters.values() };
}

/** A touchpoint that was seen: events and customers in the range, first and last time in microseconds since 1970. */
export interface SeenTouchpoint {
  readonly touchpoint: string;
  readonly events: number;
  readonly customers: number;
  readonly firstAtUs: number;
  readonly lastAtUs: number;
}

/** Touchpoints with events in `[fromUs, toUs)`, those of most customers first. Who is who is judged by all events. */
export async function listTouchpoints(
  clickhouse: ClickHouse,
  asked: TouchpointsAsked,
  options?: QueryOptions,
): Promise<SeenTouchpoint[]> {
  const people = await readPeople(clickhouse, null, options);
  const rows = await runBound(clickhouse, touchpointsQuery(asked, people), options);
  return rows.map(({ firstAt, lastAt, ...row }) => ({ ...row, firstAtUs: firstAt, lastAtUs: lastAt }));
}
