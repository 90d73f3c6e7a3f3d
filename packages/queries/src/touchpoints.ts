import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  microsecondsColumn,
  type QueryOptions,
} from '@michinori/clickhouse';
import { z } from 'zod';

const touchpointsQuery = defineQuery({
  name: 'touchpoints',
  sql: `SELECT touchpoint, uniqExact(occurred_at, content_hash) AS events, uniqExact(customer_key) AS customers,
  min(occurred_at) AS firstAt, max(occurred_at) AS lastAt
FROM events
WHERE occurred_at >= {from:DateTime64(6, 'UTC')} AND occurred_at < {to:DateTime64(6, 'UTC')}
  AND content_hash NOT IN (SELECT content_hash FROM superseded_events)
GROUP BY touchpoint
ORDER BY customers DESC, touchpoint
LIMIT {limit:UInt32}`,
  params: z.object({ from: z.int(), to: z.int(), limit: z.int().min(1).max(10_000) }),
  row: z.object({
    touchpoint: z.string(),
    events: integerColumn,
    customers: integerColumn,
    firstAt: microsecondsColumn,
    lastAt: microsecondsColumn,
  }),
});

/** A touchpoint that was seen: events and customers in the range, first and last time in microseconds since 1970. */
export interface SeenTouchpoint {
  readonly touchpoint: string;
  readonly events: number;
  readonly customers: number;
  readonly firstAtUs: number;
  readonly lastAtUs: number;
}

/** Touchpoints with events in `[fromUs, toUs)`, those of most customers first. */
export async function listTouchpoints(
  clickhouse: ClickHouse,
  asked: { readonly fromUs: number; readonly toUs: number; readonly limit: number },
  options?: QueryOptions,
): Promise<SeenTouchpoint[]> {
  const params = { from: asked.fromUs, to: asked.toUs, limit: asked.limit };
  const rows = await clickhouse.query(touchpointsQuery, params, options);
  return rows.map(({ firstAt, lastAt, ...row }) => ({ ...row, firstAtUs: firstAt, lastAtUs: lastAt }));
}
