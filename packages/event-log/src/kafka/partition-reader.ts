import { EventLogError } from '../errors.ts';
import type { ReadLimits, StoredRecord } from '../event-log.ts';
import { type FetchContext, fetchPartition } from './fetch-partition.ts';
import type { Topic } from './topics.ts';
import { batchesOf, type RawBatch, type RawRecord, recordsOf } from './wire/decode-batch.ts';
import type { FetchedPartition } from './wire/fetch-request.ts';

const fetchBytesMax = 8 * 1024 * 1024;
const fetchBytesMin = 64 * 1024;

export interface ReadPiece {
  records: StoredRecord[];
  /** Where to go on: after the records, and after what is not for consumers. */
  nextOffset: number;
}

export interface PartitionReader {
  /**
   * Records from where the last call ended, at most one fetch of them. None: the end is reached for now. What a fetch brought beyond the
   * limits is kept for the next call, so that memory holds at most one fetch.
   */
  next(limits: ReadLimits): Promise<ReadPiece>;
}

/** Reads a partition forward from an offset. */
export function createPartitionReader(
  context: FetchContext,
  topic: Topic,
  partition: number,
  fromOffset: number,
): PartitionReader {
  const place = `${topic.name}/${partition}`;
  let position = fromOffset;
  let batches: Generator<RawBatch> | undefined;
  let isReadable: (batch: RawBatch) => boolean = () => true;
  let open: { records: RawRecord[]; at: number; nextOffset: number } | undefined;
  let failure: unknown;

  /** The next batch of the fetched piece, unpacked; undefined at its end. */
  async function unpack(): Promise<typeof open> {
    const { value: batch } = batches?.next() ?? {};
    if (!batch) return undefined;
    const all = isReadable(batch) ? await recordsOf(batch, place) : [];
    const records = all.filter(({ offset }) => offset >= position);
    return { records, at: 0, nextOffset: Math.max(batch.nextOffset, position) };
  }

  async function take(limits: ReadLimits): Promise<StoredRecord[]> {
    const records: StoredRecord[] = [];
    let bytes = 0;
    for (;;) {
      try {
        open ??= await unpack();
      } catch (error) {
        if (records.length === 0) throw error;
        failure = error;
        return records;
      }
      if (!open) {
        batches = undefined;
        return records;
      }
      for (; open.at < open.records.length; open.at += 1) {
        const record = open.records[open.at];
        if (!record) break;
        bytes += record.value.length;
        if (records.length >= limits.recordsMax || (records.length > 0 && bytes > limits.bytesMax)) return records;
        records.push({ topic: topic.name, partition, ...record });
        position = record.offset + 1;
      }
      position = open.nextOffset;
      open = undefined;
    }
  }

  return {
    async next(limits) {
      if (failure !== undefined) throw failure;
      for (;;) {
        const isFresh = !batches;
        if (!batches) {
          const bytesMax = Math.min(Math.max(limits.bytesMax, fetchBytesMin), fetchBytesMax);
          const fetched = await fetchPartition(context, topic, partition, position, bytesMax);
          if (fetched.bytes.length === 0) return { records: [], nextOffset: position };
          batches = batchesOf(fetched.bytes, place);
          isReadable = readableIn(fetched);
        }
        const before = position;
        const records = await take(limits);
        if (records.length > 0) return { records, nextOffset: position };
        if (isFresh && !batches && position === before)
          throw new EventLogError('batch_undecodable', `${place}: nothing at offset ${position} can be read`);
      }
    },
  };
}

/** Batches that consumers may see: no markers, and nothing of transactions that were given up. */
function readableIn({ aborted }: FetchedPartition): (batch: RawBatch) => boolean {
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const givenUp = new Set<number>();
  return ({ producerId, isControl, firstOffset }) => {
    while (waiting[0] && waiting[0].firstOffset <= firstOffset) givenUp.add(waiting.shift()?.producerId ?? -1);
    if (producerId === null) return !isControl;
    if (isControl) givenUp.delete(producerId);
    return !isControl && !givenUp.has(producerId);
  };
}
