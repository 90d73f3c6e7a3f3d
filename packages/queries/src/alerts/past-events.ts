import { type ClickHouse, defineQuery, integerColumn, type Query, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';

/** What counts as the moment from which an event was known: when it was received, or when it occurred. */
export type KnownBy = 'received' | 'occurred';

const instant = (name: string) => `fromUnixTimestamp64Micro({${name}:Int64}, 'UTC')`;
const rangeParams = z.object({ fromUs: z.int(), toUs: z.int() });
const oneDay = '86400000000';

/** Every event once, at its earliest receipt: FINAL keeps the copy that was received first. */
const everyEvent = (
  where: string,
) => `SELECT toUnixTimestamp64Micro(occurred_at) AS occurred, toUnixTimestamp64Micro(received_at) AS received
FROM events FINAL
WHERE ${where} AND content_hash NOT IN (SELECT content_hash FROM superseded_events)`;

const extentQuery = defineQuery({
  name: 'alert-past-extent',
  sql: `SELECT count() AS events, toUnixTimestamp64Micro(min(occurred_at)) AS firstUs, toUnixTimestamp64Micro(max(occurred_at)) AS lastUs FROM events`,
  params: z.object({}),
  row: z.object({ events: integerColumn, firstUs: integerColumn, lastUs: integerColumn }),
});

/** When the first and the last stored event occurred, µs; null without events. */
export async function readEventExtent(
  clickhouse: ClickHouse,
  options?: QueryOptions,
): Promise<{ readonly firstUs: number; readonly lastUs: number } | null> {
  const [row] = await clickhouse.query(extentQuery, {}, options);
  return row === undefined || row.events === 0 ? null : { firstUs: row.firstUs, lastUs: row.lastUs };
}

/** How late events of a range were received. */
export interface Lateness {
  readonly events: number;
  /** More than a day after they occurred. */
  readonly daysLate: number;
  /** After an instant of `instantsUs` at which they had occurred already. */
  readonly missed: number;
  /** After the last instant: known to none. */
  readonly unknown: number;
}

const latenessQuery = defineQuery({
  name: 'alert-past-lateness',
  sql: `SELECT count() AS events, countIf(received - occurred > ${oneDay}) AS daysLate,
  countIf(received > {firstUs:Int64} AND roundDown(received - 1, {instants:Array(Int64)}) >= occurred) AS missed,
  countIf(received > {lastUs:Int64}) AS unknown
FROM (
${everyEvent(`occurred_at >= ${instant('fromUs')} AND occurred_at < ${instant('toUs')}`)}
)`,
  params: rangeParams.extend({ firstUs: z.int(), lastUs: z.int(), instants: z.array(z.int()) }),
  row: z.object({ events: integerColumn, daysLate: integerColumn, missed: integerColumn, unknown: integerColumn }),
});

/** @param instantsUs in order, one at least */
export async function readLateness(
  clickhouse: ClickHouse,
  { fromUs, toUs, instantsUs }: { fromUs: number; toUs: number; instantsUs: readonly number[] },
  options?: QueryOptions,
): Promise<Lateness> {
  const ends = { firstUs: instantsUs[0] ?? 0, lastUs: instantsUs.at(-1) ?? 0 };
  const params = { fromUs, toUs, ...ends, instants: [...instantsUs] };
  const [row] = await clickhouse.query(latenessQuery, params, options);
  return row ?? { events: 0, daysLate: 0, missed: 0, unknown: 0 };
}

function latestQuery(
  knownBy: KnownBy,
): Query<{ firstUs: number; instants: number[] }, { place: number; lastUs: number }> {
  // Place 0: up to the first instant; place i: after the i-th and up to the next.
  return defineQuery({
    name: `alert-past-latest-${knownBy}`,
    sql: `SELECT if(at <= {firstUs:Int64}, 0, indexOf({instants:Array(Int64)}, roundDown(at - 1, {instants:Array(Int64)}))) AS place, max(at) AS lastUs
FROM (SELECT ${knownBy} AS at FROM (\n${everyEvent('1')}\n))
GROUP BY place`,
    params: z.object({ firstUs: z.int(), instants: z.array(z.int()) }),
    row: z.object({ place: integerColumn, lastUs: integerColumn }),
  });
}

/** Instant → the last event that was known by it, µs: when that was received (or occurred). Instants before all events are left out. */
export async function readLatestEvents(
  clickhouse: ClickHouse,
  { knownBy, instantsUs }: { knownBy: KnownBy; instantsUs: readonly number[] },
  options?: QueryOptions,
): Promise<ReadonlyMap<number, number>> {
  const params = { firstUs: instantsUs[0] ?? 0, instants: [...instantsUs] };
  const rows = await clickhouse.query(latestQuery(knownBy), params, options);
  const found = new Map(rows.map(({ place, lastUs }) => [place, lastUs]));
  const latest = new Map<number, number>();
  let last: number | undefined;
  for (const [place, instantUs] of instantsUs.entries()) {
    last = found.get(place) ?? last;
    if (last !== undefined) latest.set(instantUs, last);
  }
  return latest;
}

const missedQuery = defineQuery({
  name: 'alert-past-missed-events',
  sql: `SELECT instant, toInt32(toDate(toDateTime(intDiv(occurred, 1000000), {timezone:String}))) AS day, count() AS events
FROM (
SELECT occurred, arrayJoin(arrayFilter(at -> at >= occurred AND at < received, {instants:Array(Int64)})) AS instant
FROM (
${everyEvent(`occurred_at < ${instant('toUs')}`)}
)
WHERE received > {firstUs:Int64} AND roundDown(received - 1, {instants:Array(Int64)}) >= occurred
)
GROUP BY instant, day`,
  params: z.object({ toUs: z.int(), firstUs: z.int(), instants: z.array(z.int()), timezone: z.string() }),
  row: z.object({ instant: integerColumn, day: z.number(), events: integerColumn }),
});

/** Instant → calendar day → events that had occurred by the instant and weren't received yet. */
export async function readMissedEvents(
  clickhouse: ClickHouse,
  { instantsUs, timezone }: { instantsUs: readonly number[]; timezone: string },
  options?: QueryOptions,
): Promise<ReadonlyMap<number, ReadonlyMap<number, number>>> {
  const params = {
    ...{ firstUs: instantsUs[0] ?? 0, toUs: (instantsUs.at(-1) ?? 0) + 1, instants: [...instantsUs], timezone },
  };
  const missed = new Map<number, Map<number, number>>();
  for (const { instant: at, day, events } of await clickhouse.query(missedQuery, params, options)) {
    const days = missed.get(at) ?? new Map<number, number>();
    missed.set(at, days.set(day, events));
  }
  return missed;
}
