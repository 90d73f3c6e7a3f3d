import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  integerTextColumn,
  type QueryOptions,
} from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { JourneyQuestionError } from '../journey/errors.ts';
import { canonicalOrder, personEventRows } from './customer-events.ts';
import type { Person } from './person.ts';

/** An event on a customer's timeline; null where it says nothing. */
export interface TimelineEvent {
  readonly id: string;
  readonly atUs: number;
  readonly touchpoint: string;
  readonly channel: string | null;
  readonly team: string | null;
  readonly direction: string | null;
  readonly topic: string | null;
  /** The one in force: on this event, or on the last one before that has one. */
  readonly account: string | null;
  readonly sentiment: number | null;
  readonly nps: number | null;
  /** Exact decimal number. */
  readonly amount: string | null;
  readonly currency: string | null;
}

const eventRow = z.object({
  id: z.string(),
  atUs: integerColumn,
  sequence: integerTextColumn,
  hash: integerTextColumn,
  touchpoint: z.string(),
  channel: z.string(),
  team: z.string(),
  direction: z.string(),
  topic: z.string(),
  account: z.string(),
  sentiment: z.number().nullable(),
  nps: z.number().nullable(),
  amount: z.string().nullable(),
  currency: z.string(),
});

const timelinePlace = z.strictObject({
  asOfUs: z.int(),
  atUs: z.int(),
  sequence: z.string().regex(/^-?\d{1,19}$/),
  id: z.string(),
  hash: z.string().regex(/^\d{1,20}$/),
});
type TimelinePlace = z.output<typeof timelinePlace>;

/** The place of a cursor. @throws JourneyQuestionError `/cursor` when it is none */
export function decodeTimelinePlace(text: string): TimelinePlace {
  try {
    return timelinePlace.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new JourneyQuestionError([{ pointer: '/cursor', message: 'is not a cursor that this service gave out' }]);
  }
}

const texts = ['touchpoint', 'channel', 'team', 'direction', 'topic', 'currency'];
const columns = [...texts.map((name) => `toString(${name}) AS ${name}`), 'account', 'sentiment', 'nps', 'amount'];

function timelineQuery(person: Person, asOfUs: number, limit: number, before: TimelinePlace | null) {
  const parameters = createParameters();
  const condition =
    before === null
      ? '1'
      : `(${canonicalOrder.join(', ')}) < (${[
          parameters.bind(before.atUs, 'Int64'),
          parameters.bind(before.sequence, 'Int64'),
          parameters.bind(before.id, 'String'),
          parameters.bind(before.hash, 'UInt64'),
        ].join(', ')})`;
  const sql = `SELECT event_id AS id, at AS atUs, sequence, content_hash AS hash, ${texts.join(', ')}, ifNull(in_force, '') AS account,
  sentiment, nps, toString(amount) AS amount
FROM (
SELECT *, last_value(nullIf(account, '')) IGNORE NULLS OVER (ORDER BY ${canonicalOrder.join(', ')} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS in_force
FROM (
${personEventRows(person, asOfUs, columns, parameters)}
)
)
WHERE ${condition}
ORDER BY ${canonicalOrder.map((column) => `${column} DESC`).join(', ')}
LIMIT ${parameters.bind(limit + 1, 'UInt32')}`;
  const query = defineQuery({ name: 'customer-timeline', sql, params: anyParameters, row: eventRow });
  return { query, values: parameters.values() };
}

/** A page of a customer's timeline as of an instant, the newest first; `cursor` leads to the next page and is null on the last one. */
export async function readTimeline(
  clickhouse: ClickHouse,
  person: Person,
  asOfUs: number,
  page: { readonly limit: number; readonly before: TimelinePlace | null },
  options?: QueryOptions,
): Promise<{ readonly rows: readonly TimelineEvent[]; readonly cursor: string | null }> {
  const found = await runBound(clickhouse, timelineQuery(person, asOfUs, page.limit, page.before), options);
  const rows = found.slice(0, page.limit);
  const last = found.length > rows.length ? rows.at(-1) : undefined;
  return {
    rows: rows.map(({ sequence: _, hash: __, ...row }) => ({
      ...row,
      channel: row.channel || null,
      team: row.team || null,
      direction: row.direction || null,
      topic: row.topic || null,
      account: row.account || null,
      currency: row.currency || null,
    })),
    cursor: last === undefined ? null : encodePlace({ asOfUs, ...last }),
  };
}

function encodePlace({ asOfUs, atUs, sequence, id, hash }: TimelinePlace): string {
  return Buffer.from(JSON.stringify({ asOfUs, atUs, sequence, id, hash })).toString('base64url');
}
