import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';

export interface DailyEventsAsked {
  /** Occurred in [fromUs, toUs), µs since 1970. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Whose calendar days. */
  readonly timezone: string;
}

const instant = (name: string) => `fromUnixTimestamp64Micro({${name}:Int64}, 'UTC')`;

// FINAL, and not a count of distinct hashes: it streams through the sorting key, while hashes of a quarter's events would all be held.
const dailyEvents = defineQuery({
  name: 'alert-daily-events',
  sql: `
    SELECT toInt32(toDate(toDateTime(intDiv(toUnixTimestamp64Micro(occurred_at), 1000000), {timezone:String}))) AS day, count() AS events
    FROM events FINAL
    WHERE occurred_at >= ${instant('fromUs')} AND occurred_at < ${instant('toUs')}
      AND content_hash NOT IN (SELECT content_hash FROM superseded_events)
    GROUP BY day
    ORDER BY day`,
  params: z.object({ fromUs: z.int(), toUs: z.int(), timezone: z.string() }),
  row: z.object({ day: z.number(), events: integerColumn }),
});

/**
 * Events by the calendar day on which they occurred (counted from 1 January 1970), each once: what tells an outage of the intake from a
 * change of what customers do. Those of all customers, for every customer is a unit of every journey. Days without events are left out.
 */
export async function readDailyEvents(
  clickhouse: ClickHouse,
  asked: DailyEventsAsked,
  options?: QueryOptions,
): Promise<ReadonlyMap<number, number>> {
  const rows = await clickhouse.query(dailyEvents, asked, options);
  return new Map(rows.map(({ day, events }) => [day, events]));
}
