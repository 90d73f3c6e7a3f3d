import type { DecodedEvent } from './decode-records.ts';

export const eventIdColumns = ['id_hash', 'content_hash', 'received_at', 'log', 'log_partition', 'log_offset'] as const;

/**
 * The row by which a copy makes itself known before it becomes visible, in the order of {@link eventIdColumns}. Whoever
 * brings another content under the same id finds it there: see docs/conflicts.md.
 */
export function announcementRow({ idHash, contentHash, receipt }: DecodedEvent): readonly unknown[] {
  return [idHash, contentHash, receipt.receivedAtUs, receipt.log, receipt.partition, receipt.offset];
}
