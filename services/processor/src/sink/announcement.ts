import { partitionKey } from '@michinori/events';
import type { DecodedEvent } from './decode-records.ts';

export const eventIdColumns = [
  'id_hash',
  'content_hash',
  'received_at',
  'customer',
  'log',
  'log_partition',
  'log_offset',
] as const;

/**
 * The row by which a copy makes itself known before it becomes visible, in the order of {@link eventIdColumns}. Whoever
 * brings another content under the same id finds it there: see docs/conflicts.md. `customer` isn't stored: the table makes the
 * customer's key of it.
 */
export function announcementRow({ idHash, contentHash, event, receipt }: DecodedEvent): readonly unknown[] {
  const { receivedAtUs, log, partition, offset } = receipt;
  return [idHash, contentHash, receivedAtUs, partitionKey(event), log, partition, offset];
}
