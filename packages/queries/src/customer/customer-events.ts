import type { Parameters } from '../funnel/parameters.ts';
import type { Person } from './person.ts';

/** One customer, by the name that events give. */
export interface CustomerName {
  readonly id: string;
  /** Whether `id` is an anonymous id. */
  readonly isAnonymous: boolean;
}

/** SQL of a customer's key. */
export function customerKeySql({ id, isAnonymous }: CustomerName, parameters: Parameters): string {
  const name = parameters.bind(id, 'String');
  return isAnonymous ? `cityHash64(concat('\\0', ${name}))` : `cityHash64(${name})`;
}

/** Columns that put events into canonical order. */
export const canonicalOrder = ['at', 'sequence', 'event_id', 'content_hash'] as const;

/** SQL of the events of one person up to asOf, without copies and superseded contents: `at` (µs) and the columns of `events`. */
export function personEventRows(person: Person, asOfUs: number, columns: readonly string[], parameters: Parameters) {
  const isOwn = `customer_key IN ${parameters.bind(person.keys, 'Array(UInt64)')}`;
  return `SELECT toUnixTimestamp64Micro(occurred_at) AS at, sequence, event_id, content_hash, ${columns.join(', ')}
FROM events
WHERE ${isOwn} AND occurred_at <= fromUnixTimestamp64Micro(${parameters.bind(asOfUs, 'Int64')}, 'UTC')
  AND content_hash NOT IN (SELECT content_hash FROM superseded_events WHERE ${isOwn})
LIMIT 1 BY occurred_at, content_hash`;
}
