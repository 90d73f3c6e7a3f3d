import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  integerTextColumn,
  isoFromMicroseconds,
  type QueryOptions,
  textMapColumn,
} from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { decodePlace, encodePlace, shareBehind } from './export-place.ts';

/** An event as it was sent; null where it says nothing. Values of properties and traits are text, as they are stored. */
export interface ExportedEvent {
  readonly id: string;
  readonly customer: string | null;
  readonly anonymous: string | null;
  readonly account: string | null;
  readonly touchpoint: string;
  readonly channel: string | null;
  readonly team: string | null;
  readonly direction: string | null;
  readonly topic: string | null;
  /** ISO 8601, µs. */
  readonly occurredAt: string;
  /** Digits; null when not given, or 0. */
  readonly sequence: string | null;
  readonly sentiment: number | null;
  readonly nps: number | null;
  /** Exact decimal number. */
  readonly amount: string | null;
  readonly currency: string | null;
  readonly properties: ReadonlyMap<string, string>;
  readonly traits: ReadonlyMap<string, string>;
}

export interface ExportEventsQuestion {
  /** Occurred in [fromUs, toUs), microseconds since 1970. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Events at most. */
  readonly limit: number;
  /** Properties and traits of a page at most, about, in bytes; an event alone may have more. 16 MiB by default. */
  readonly bytesMax?: number;
  /** `cursor` of the page before. */
  readonly cursor: string | null;
}

export interface ExportEventsPage {
  readonly rows: readonly ExportedEvent[];
  /** For the next page; null on the last one. */
  readonly cursor: string | null;
  /** About how much of the whole is done with this page, 0…1. */
  readonly progress: number;
}

const place = z.strictObject({
  /** The question that all pages answer, µs. */
  fromUs: z.int(),
  toUs: z.int(),
  /** The last event of the page before. */
  key: z.string().regex(/^\d{1,20}$/),
  atUs: z.int(),
  sequence: z.string().regex(/^-?\d{1,19}$/),
  id: z.string(),
  hash: z.string().regex(/^\d{1,20}$/),
});
type Place = z.output<typeof place>;

const pageBytesMax = 16 * 1024 * 1024;
const texts = ['customer', 'anonymous', 'account', 'touchpoint', 'channel', 'team', 'direction', 'topic', 'currency'];
const order = ['customer_key', 'occurred_at', 'sequence', 'event_id', 'content_hash'];

const eventRow = z.object({
  key: integerTextColumn,
  atUs: integerColumn,
  sequence: integerTextColumn,
  id: z.string(),
  hash: integerTextColumn,
  customer: z.string(),
  anonymous: z.string(),
  account: z.string(),
  touchpoint: z.string(),
  channel: z.string(),
  team: z.string(),
  direction: z.string(),
  topic: z.string(),
  currency: z.string(),
  sentiment: z.number().nullable(),
  nps: z.number().nullable(),
  amount: z.string().nullable(),
  properties: textMapColumn,
  traits: textMapColumn,
  found: integerColumn,
});

function afterSql(after: Place, parameters: Parameters): string {
  const key = parameters.bind(after.key, 'UInt64');
  const rest = [
    `fromUnixTimestamp64Micro(${parameters.bind(after.atUs, 'Int64')}, 'UTC')`,
    parameters.bind(after.sequence, 'Int64'),
    parameters.bind(after.id, 'String'),
    parameters.bind(after.hash, 'UInt64'),
  ];
  // The bare bound on the key lets the primary key skip what lies before.
  return `customer_key >= ${key} AND (customer_key > ${key} OR (${order.slice(1).join(', ')}) > (${rest.join(', ')}))`;
}

function eventsQuery(
  { fromUs, toUs }: Pick<Place, 'fromUs' | 'toUs'>,
  { limit, bytesMax = pageBytesMax }: Pick<ExportEventsQuestion, 'limit' | 'bytesMax'>,
  after: Place | null,
) {
  const parameters = createParameters();
  const instant = (us: number) => `fromUnixTimestamp64Micro(${parameters.bind(us, 'Int64')}, 'UTC')`;
  const conditions = [
    `occurred_at >= ${instant(fromUs)}`,
    `occurred_at < ${instant(toUs)}`,
    'content_hash NOT IN (SELECT content_hash FROM superseded_events)',
    ...(after === null ? [] : [afterSql(after, parameters)]),
  ];
  const page = `SELECT customer_key AS key, toUnixTimestamp64Micro(occurred_at) AS atUs, sequence, event_id AS id, content_hash AS hash,
  ${texts.map((name) => `toString(${name}) AS ${name}`).join(', ')}, sentiment, nps, toString(amount) AS amount,
  CAST(properties, 'Map(String, String)') AS properties, CAST(traits, 'Map(String, String)') AS traits,
  ${['properties', 'traits'].map((map) => `arraySum(name -> length(name), mapKeys(${map})) + arraySum(value -> length(value), mapValues(${map}))`).join(' + ')} AS bytes
FROM events
WHERE ${conditions.join(' AND ')}
ORDER BY ${order.join(', ')}
LIMIT 1 BY customer_key, occurred_at, content_hash
LIMIT ${parameters.bind(limit + 1, 'UInt32')}`;
  const places = 'key, atUs, sequence, id, hash';
  const sql = `SELECT * EXCEPT (bytes, bytes_before)
FROM (
SELECT *, count() OVER () AS found, sum(bytes) OVER (ORDER BY ${places} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
FROM (
${page}
)
)
WHERE bytes_before <= ${parameters.bind(bytesMax, 'UInt64')}
ORDER BY ${places}`;
  const query = defineQuery({ name: 'export-events', sql, params: anyParameters, row: eventRow });
  return { query, values: parameters.values() };
}

/**
 * A page of all events, each once, without superseded contents: by customer, and of each customer in canonical order. All pages look at the
 * range of the first; events that arrive meanwhile may or may not be among them.
 *
 * @throws JourneyQuestionError for a cursor that is none
 */
export async function readExportEvents(
  clickhouse: ClickHouse,
  question: ExportEventsQuestion,
  options?: QueryOptions,
): Promise<ExportEventsPage> {
  const { limit, cursor } = question;
  const after = cursor === null ? null : decodePlace(cursor, place);
  const { fromUs, toUs } = after ?? question;
  const found = await runBound(clickhouse, eventsQuery({ fromUs, toUs }, question, after), options);
  const page = found.slice(0, limit);
  const last = (found[0]?.found ?? 0) > page.length ? page.at(-1) : undefined;
  return {
    rows: page.map(shown),
    cursor: last === undefined ? null : encodePlace({ fromUs, toUs, ...placeOf(last) }),
    progress: last === undefined ? 1 : shareBehind(last.key),
  };
}

type EventRow = z.output<typeof eventRow>;

function placeOf({ key, atUs, sequence, id, hash }: EventRow) {
  return { key, atUs, sequence, id, hash };
}

function shown({ key: _, hash: __, found: ___, atUs, ...row }: EventRow): ExportedEvent {
  return {
    ...row,
    customer: row.customer || null,
    anonymous: row.anonymous || null,
    account: row.account || null,
    channel: row.channel || null,
    team: row.team || null,
    direction: row.direction || null,
    topic: row.topic || null,
    currency: row.amount === null ? null : row.currency || null,
    sequence: row.sequence === '0' ? null : row.sequence,
    occurredAt: isoFromMicroseconds(atUs),
  };
}
