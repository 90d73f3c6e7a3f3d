/** A record that will never be an event row, and why. `ingest`: refused there; `sink`: found out here. */
export interface DeadLetter {
  offset: number;
  receivedAtUs: number;
  dialect: string;
  code: string;
  path: string;
  message: string;
  eventId: string;
  raw: string;
  source: 'ingest' | 'sink';
}

export const deadLetterColumns = [
  'log',
  'log_partition',
  'log_offset',
  'received_at',
  'dialect',
  'code',
  'path',
  'message',
  'event_id',
  'raw',
  'source',
] as const;

const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** The row of a dead letter, in the order of {@link deadLetterColumns}. Text is made well-formed: a dead letter must not be refused itself. */
export function deadLetterRow(
  letter: DeadLetter,
  { log, partition }: { log: string; partition: number },
): readonly unknown[] {
  return [
    log,
    partition,
    letter.offset,
    letter.receivedAtUs,
    wellFormed(letter.dialect),
    wellFormed(letter.code),
    wellFormed(letter.path),
    wellFormed(letter.message),
    wellFormed(letter.eventId),
    wellFormed(letter.raw),
    letter.source,
  ];
}
