import { createHash } from 'node:crypto';

/**
 * The first 64 bits (big-endian) of the SHA-256 of an event id: the key of `event_ids`. Nobody can construct two ids with
 * the same one on purpose at a bearable cost, as with a fast hash; by chance, among n ids the odds are n²/2^65.
 */
export function idHash(eventId: string): bigint {
  return createHash('sha256').update(eventId, 'utf8').digest().readBigUInt64BE(0);
}
