import { encodeEnvelope } from '@michinori/events';
import type { RefusedRow } from './bisect.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { DecodedEvent } from './decode-records.ts';
import type { RowRefusal } from './row-refusal.ts';

const rawLengthMax = 64 * 1024;

/** The dead letter of an event that ClickHouse refused: its code in the message, the whole record (bounded) as raw text. */
export function deadLetterOfRefused({ row, refusal }: RefusedRow<DecodedEvent, RowRefusal>): DeadLetter {
  const record = new TextDecoder().decode(encodeEnvelope(row.event, { dialect: row.dialect }));
  return {
    offset: row.offset,
    receivedAtUs: row.event.receivedAtUs,
    dialect: row.dialect,
    code: 'clickhouse_refused',
    path: '',
    message: `${refusal.codeName} (${refusal.code}): ${refusal.message}`,
    eventId: row.event.id,
    raw: record.slice(0, rawLengthMax),
    source: 'sink',
  };
}
