import type { EventLog, StoredRecord } from '@michinori/event-log';
import { decodeRecords } from '../sink/decode-records.ts';

const chunkLimits = { recordsMax: 5_000, bytesMax: 16 * 1024 * 1024 };

export interface SlicePlace {
  topic: string;
  log: string;
  partition: number;
  fromOffset: number;
  /** Exclusive. */
  toOffset: number;
}

/** Hands the records of a slice over in chunks, so that their values are never in memory all at once. */
export async function* readChunks(
  log: EventLog,
  { topic, partition, fromOffset, toOffset }: SlicePlace,
): AsyncGenerator<StoredRecord[]> {
  for (let at = fromOffset; at < toOffset; ) {
    const records = await log.read(topic, partition, at, chunkLimits);
    const last = records.at(-1);
    if (last === undefined) return;
    yield records.filter(({ offset }) => offset < toOffset);
    at = last.offset + 1;
  }
}

/** What a slice of the log says should stand in the tables: offset → content hash, null for a dead letter. */
export async function readExpected(log: EventLog, place: SlicePlace): Promise<Map<number, string | null>> {
  const expected = new Map<number, string | null>();
  for await (const records of readChunks(log, place)) {
    const { events, deadLetters } = decodeRecords(records, place);
    for (const { offset, contentHash } of events) expected.set(offset, contentHash);
    for (const { offset } of deadLetters) expected.set(offset, null);
  }
  return expected;
}
