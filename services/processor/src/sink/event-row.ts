import type { TouchpointEvent } from '@michinori/events';
import type { DecodedEvent } from './decode-records.ts';

export const eventColumns = [
  'event_id',
  'content_hash',
  'customer',
  'anonymous',
  'account',
  'touchpoint',
  'channel',
  'team',
  'direction',
  'topic',
  'occurred_at',
  'sequence',
  'sentiment',
  'nps',
  'amount',
  'currency',
  'properties',
  'traits',
  'received_at',
  'dialect',
  'log',
  'log_partition',
  'log_offset',
] as const;

const asText = (values: TouchpointEvent['properties']): ReadonlyMap<string, string> =>
  new Map([...values].map(([key, value]) => [key, String(value)]));

/**
 * The row of an event, in the order of {@link eventColumns}: a pure function of the log record. Missing text is '', a
 * missing sequence 0, other missing values NULL. Times are microseconds, 64-bit hashes decimal text.
 */
export function eventRow({ event, contentHash, dialect, receipt }: DecodedEvent): readonly unknown[] {
  return [
    event.id,
    contentHash,
    event.customer ?? '',
    event.anonymous ?? '',
    event.account ?? '',
    event.touchpoint,
    event.channel ?? '',
    event.team ?? '',
    event.direction ?? '',
    event.topic ?? '',
    event.occurredAtUs,
    event.sequence ?? 0,
    event.sentiment,
    event.nps,
    event.amount?.value ?? null,
    event.amount?.currency ?? '',
    asText(event.properties),
    asText(event.traits),
    event.receivedAtUs,
    dialect,
    receipt.log,
    receipt.partition,
    receipt.offset,
  ];
}
