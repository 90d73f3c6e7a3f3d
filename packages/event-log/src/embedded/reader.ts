import { EventLogError } from '../errors.ts';
import type { ReadLimits, StoredRecord } from '../event-log.ts';
import { decodeBlock, decodeBlockHeader } from './block.ts';
import { decodeBlockKey, encodeBlockKey } from './layout.ts';
import type { Store } from './store.ts';
import { partitionState, type TopicState } from './topics.ts';

/** Records of a partition from `fromOffset` on, within the limits; throws `offset_out_of_range` and `log_corrupt`. */
export function readRecords(
  store: Store,
  topic: TopicState,
  partition: number,
  fromOffset: number,
  { recordsMax, bytesMax }: ReadLimits,
): StoredRecord[] {
  const { earliest, next } = partitionState(topic, partition);
  assertReadable(topic.name, partition, fromOffset, earliest, next);
  const records: StoredRecord[] = [];
  if (fromOffset === next) return records;

  const place = { topicId: topic.id, partition };
  const start = lastKeyUpTo(store, encodeBlockKey({ ...place, firstOffset: fromOffset }));
  let offset = start ? decodeBlockKey(start).firstOffset : fromOffset;
  let bytes = 0;
  const end = encodeBlockKey({ ...place, firstOffset: next });
  for (const { key, value: block } of store.records.getRange({ start: start ?? end, end })) {
    const at = decodeBlockKey(key);
    if (at.topicId !== topic.id || at.partition !== partition || at.firstOffset !== offset)
      throw new EventLogError('log_corrupt', `${topic.name}/${partition}: the block of offset ${offset} is missing`);
    const { appendedAtUs } = decodeBlockHeader(block);
    for (const { key: recordKey, value } of decodeBlock(block)) {
      if (offset >= fromOffset) {
        bytes += value.length;
        if (records.length >= recordsMax || (records.length > 0 && bytes > bytesMax)) return records;
        records.push({ topic: topic.name, partition, offset, appendedAtUs, key: recordKey, value });
      }
      offset += 1;
    }
  }
  if (offset !== next)
    throw new EventLogError('log_corrupt', `${topic.name}/${partition} ends at ${offset} instead of ${next}`);
  return records;
}

function assertReadable(topic: string, partition: number, offset: number, earliest: number, next: number): void {
  if (Number.isSafeInteger(offset) && offset >= earliest && offset <= next) return;
  const reason =
    offset < earliest
      ? 'records before the earliest one were removed by retention'
      : 'the log has not come that far; was an older copy restored?';
  throw new EventLogError(
    'offset_out_of_range',
    `${topic}/${partition} holds the offsets ${earliest} to ${next - 1}, not ${offset}: ${reason}`,
  );
}

function lastKeyUpTo(store: Store, key: Buffer): Buffer | undefined {
  const [found] = store.records.getKeys({ start: key, reverse: true, limit: 1 });
  return found;
}
