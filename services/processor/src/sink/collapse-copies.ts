import { compareReceipts } from './copy-rank.ts';
import type { DecodedEvent } from './decode-records.ts';

/**
 * Of the copies in one batch that say the same, only the earliest is written: ClickHouse would collapse them anyway, in
 * the insert itself or at a merge, and then the offsets of the others could never be verified. Keeps the order of the log.
 */
export function collapseCopies(events: readonly DecodedEvent[]): DecodedEvent[] {
  const earliest = new Map<string, DecodedEvent>();
  for (const event of events) {
    const other = earliest.get(event.contentHash);
    if (other === undefined || compareReceipts(event.receipt, other.receipt) < 0)
      earliest.set(event.contentHash, event);
  }
  return earliest.size === events.length
    ? [...events]
    : events.filter((event) => earliest.get(event.contentHash) === event);
}
