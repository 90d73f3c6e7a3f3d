import { hash } from 'node:crypto';
import type { Scalar, TouchpointEvent } from './event.ts';

/**
 * Everything that an event says, id and occurredAt included, receivedAt excluded, as one text: equal exactly for events
 * with equal content, whatever the order of their properties. The form is frozen (it is the basis of stored hashes): a
 * JSON array of the fields in a fixed order, properties and traits as pairs sorted by UTF-16 code units.
 */
export function canonicalContent(event: TouchpointEvent): string {
  return JSON.stringify([
    'michinori.event.1',
    event.id,
    event.customer,
    event.anonymous,
    event.account,
    event.touchpoint,
    event.channel,
    event.team,
    event.direction,
    event.topic,
    event.occurredAtUs,
    event.sequence,
    event.sentiment,
    event.nps,
    event.amount === null ? null : [event.amount.value, event.amount.currency],
    sortedPairs(event.properties),
    sortedPairs(event.traits),
  ]);
}

/**
 * The first 64 bits (big-endian) of the SHA-256 of the canonical content, 0 to 2^64 − 1. Among n different events the
 * odds that any two share a hash are n²/2^65: 1 in 3 700 for 100 million.
 */
export function contentHash(event: TouchpointEvent): bigint {
  return BigInt(`0x${hash('sha256', canonicalContent(event), 'hex').slice(0, 16)}`);
}

function sortedPairs(flat: ReadonlyMap<string, Scalar>): [string, Scalar][] {
  const pairs = [...flat];
  return pairs.length < 2 ? pairs : pairs.sort(([a], [b]) => (a < b ? -1 : 1));
}
