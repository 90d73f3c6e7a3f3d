import { defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';

/** An event's row as plain values, to be compared with what was sent. */
export const storedEvent = defineQuery({
  name: 'test_stored_event',
  sql: `
    SELECT customer_key = cityHash64(concat('\\0', anonymous)) AS keyIsRight,
           toString(toUnixTimestamp64Micro(occurred_at)) AS occurredAtUs, toString(toUnixTimestamp64Micro(received_at)) AS receivedAtUs,
           toString(events.sequence) AS sequence, sentiment, nps, toString(events.amount) AS amount, currency,
           arraySort(arrayZip(mapKeys(events.properties), mapValues(events.properties))) AS properties,
           arrayZip(mapKeys(events.traits), mapValues(events.traits)) AS traits
    FROM events WHERE event_id = {id:String}`,
  params: z.object({ id: z.string() }),
  row: z.object({
    keyIsRight: z.number(),
    occurredAtUs: z.string(),
    receivedAtUs: z.string(),
    sequence: z.string(),
    sentiment: z.number(),
    nps: z.number(),
    amount: z.string(),
    currency: z.string(),
    properties: z.array(z.array(z.string())),
    traits: z.array(z.array(z.string())),
  }),
});
