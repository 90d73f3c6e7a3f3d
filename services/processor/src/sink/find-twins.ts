import type { ClickHouse } from '@michinori/clickhouse';
import { sameEvents } from '@michinori/queries';
import type { DecodedEvent } from './decode-records.ts';

const eventsPerQueryMax = 1000;

const keyOf = (eventId: string, occurredAtUs: number, contentHash: string): string =>
  JSON.stringify([eventId, occurredAtUs, contentHash]);

/**
 * Offsets of those events that stand in `events` as an identical copy with another place in the log: a merge keeps one
 * row per sorting key (customer, instant, id, content), so an offset may vanish for good although nothing is lost.
 */
export function createFindTwins(clickhouse: ClickHouse) {
  return async function findTwins(events: readonly DecodedEvent[]): Promise<ReadonlySet<number>> {
    const twins = new Set<number>();
    for (let start = 0; start < events.length; start += eventsPerQueryMax) {
      const part = events.slice(start, start + eventsPerQueryMax);
      const found = await clickhouse.queryOnWriter(sameEvents, {
        customers: part.map(({ event }) => event.customer ?? ''),
        anonymous: part.map(({ event }) => event.anonymous ?? ''),
        contentHashes: part.map(({ contentHash }) => BigInt(contentHash)),
      });
      const keys = new Set(found.map((row) => keyOf(row.eventId, row.occurredAtUs, row.contentHash)));
      for (const { offset, event, contentHash } of part) {
        if (keys.has(keyOf(event.id, event.occurredAtUs, contentHash))) twins.add(offset);
      }
    }
    return twins;
  };
}
