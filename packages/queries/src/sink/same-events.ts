import { defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';

/**
 * Which of some events stand in `events` as an identical copy, whatever its place in the log: same customer, instant, id
 * and content, which is the sorting key by which copies collapse. `customers[i]`, `anonymous[i]`, … describe event i; ''
 * for a missing customer or anonymous id. A row per copy found.
 */
export const sameEvents = defineQuery({
  name: 'sink_same_events',
  sql: `
    SELECT DISTINCT event_id AS eventId, toFloat64(toUnixTimestamp64Micro(occurred_at)) AS occurredAtUs,
           toString(content_hash) AS contentHash
    FROM events
    WHERE customer_key IN (
        SELECT arrayJoin(arrayMap((customer, anonymous) -> cityHash64(if(customer != '', customer, concat('\\0', anonymous))),
          {customers:Array(String)}, {anonymous:Array(String)})))
      AND content_hash IN (SELECT arrayJoin({contentHashes:Array(UInt64)}))`,
  params: z.object({
    customers: z.array(z.string()),
    anonymous: z.array(z.string()),
    contentHashes: z.array(z.bigint()),
  }),
  row: z.object({ eventId: z.string(), occurredAtUs: z.number(), contentHash: z.string() }),
});
