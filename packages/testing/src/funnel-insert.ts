import { createHash } from 'node:crypto';
import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { type EventCopy, winningCopies } from './funnel-timeline.ts';

const columns = [
  'occurred_at',
  'event_id',
  'content_hash',
  'sequence',
  'customer',
  'anonymous',
  'account',
  'touchpoint',
  'channel',
  'team',
  'direction',
  'topic',
  'sentiment',
  'nps',
  'properties',
  'traits',
  'received_at',
  'dialect',
  'log',
  'log_partition',
  'log_offset',
] as const;

const hashes = new WeakMap<EventCopy['event'], bigint>();

/** 64 bits over the whole content of an event: everything but its receipt and its place in the log. */
export function contentHash({ event }: EventCopy): bigint {
  const known = hashes.get(event) ?? hashOf(event);
  hashes.set(event, known);
  return known;
}

function hashOf(event: EventCopy['event']): bigint {
  const { receivedAtUs: _, properties, traits, ...fields } = event;
  const content = JSON.stringify([Object.entries(fields).sort(), [...properties].sort(), [...traits].sort()]);
  return createHash('sha256').update(content).digest().readBigUInt64BE();
}

function rowOf(copy: EventCopy): unknown[] {
  const { event } = copy;
  const texts = (values: ReadonlyMap<string, unknown>) =>
    new Map([...values].map(([key, value]) => [key, String(value)]));
  return [
    event.occurredAtUs,
    event.id,
    contentHash(copy),
    event.sequence ?? 0,
    event.customer ?? '',
    event.anonymous ?? '',
    event.account ?? '',
    event.touchpoint,
    event.channel ?? '',
    event.team ?? '',
    event.direction ?? '',
    event.topic ?? '',
    event.sentiment,
    event.nps,
    texts(event.properties),
    texts(event.traits),
    event.receivedAtUs,
    'native',
    copy.log,
    copy.logPartition,
    copy.logOffset,
  ];
}

const supersede = defineStatement({
  name: 'test-supersede',
  sql: `INSERT INTO superseded_events (content_hash, event_id, customer_key, reason, log, log_partition, log_offset)
        SELECT content_hash, event_id, customer_key, 'conflict', log, log_partition, log_offset
        FROM events WHERE content_hash IN {losers:Array(UInt64)}`,
});

/**
 * Writes deliveries as the sink leaves them: one row per delivery, in the given batches, and a mark for every content
 * that lost its id to an earlier receipt. All deliveries of an id have to be in one call.
 */
export async function insertDeliveries(
  clickhouse: ClickHouse,
  batches: readonly (readonly EventCopy[])[],
): Promise<void> {
  for (const batch of batches) await clickhouse.insert({ table: 'events', columns, rows: batch.map(rowOf) });
  const copies = batches.flat();
  const winners = new Set(winningCopies(copies).map(contentHash));
  const losers = new Set(copies.map(contentHash).filter((hash) => !winners.has(hash)));
  if (losers.size > 0) await clickhouse.insertSelect(supersede, { losers: [...losers] });
}
