import { contentHash, decodeEnvelope, type TouchpointEvent } from '@michinori/events';
import { idHash } from '../id-hash.ts';
import type { Receipt } from './copy-rank.ts';
import type { DeadLetter } from './dead-letter.ts';

export interface LogRecordOfBatch {
  offset: number;
  appendedAtUs: number;
  value: Uint8Array;
}

/** An event of the log with its place there and its hashes (64 bits, decimal text). */
export interface DecodedEvent {
  offset: number;
  event: TouchpointEvent;
  dialect: string;
  idHash: string;
  contentHash: string;
  receipt: Receipt;
}

/** Every record of a batch, as exactly one of the two. */
export interface DecodedBatch {
  events: DecodedEvent[];
  deadLetters: DeadLetter[];
}

const rawBytesMax = 64 * 1024;

/** Bytes as text for a person to read: bounded, and never anything that ClickHouse refuses. */
function readable(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, rawBytesMax));
}

/**
 * Turns the records of a batch into rows-to-be: events, what ingest refused, and what can't be decoded (which becomes a
 * dead letter of the sink, received when it was appended). Pure, and never throws.
 */
export function decodeRecords(
  records: readonly LogRecordOfBatch[],
  place: { log: string; partition: number },
): DecodedBatch {
  const events: DecodedEvent[] = [];
  const deadLetters: DeadLetter[] = [];
  for (const { offset, appendedAtUs, value } of records) {
    const decoded = decodeEnvelope(value);
    if (decoded.kind === 'event') {
      const { event, dialect } = decoded;
      events.push({
        offset,
        event,
        dialect,
        idHash: idHash(event.id).toString(),
        contentHash: contentHash(event).toString(),
        receipt: { receivedAtUs: event.receivedAtUs, ...place, offset },
      });
    } else if (decoded.kind === 'rejected') {
      const { rejected, dialect, receivedAtUs } = decoded;
      const { code, path, message, id } = rejected.rejection;
      deadLetters.push({
        offset,
        receivedAtUs,
        dialect,
        code,
        path,
        message,
        eventId: id ?? '',
        raw: rejected.raw,
        source: 'ingest',
      });
    } else {
      const { code, message } = decoded;
      deadLetters.push({
        offset,
        receivedAtUs: appendedAtUs,
        dialect: '',
        code,
        path: '',
        message,
        eventId: '',
        raw: readable(value),
        source: 'sink',
      });
    }
  }
  return { events, deadLetters };
}
