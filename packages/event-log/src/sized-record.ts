import { EventLogError } from './errors.ts';
import type { LogRecord } from './event-log.ts';

/** What the sizes of key and value take beside a record. */
export const recordHeaderBytes = 8;

/** A record whose sizes are known: a key that UTF-8 can hold, a value that is bytes. */
export interface SizedRecord extends LogRecord {
  keyBytes: number;
  storedBytes: number;
}

/** Checks a record and measures it. */
export function sizeRecord(record: LogRecord, recordBytesMax: number): SizedRecord {
  const { key, value } = record;
  if (typeof key !== 'string' || /\p{Surrogate}/u.test(key))
    throw new EventLogError('record_invalid', 'a key must be a string without lone surrogates');
  if (!(value instanceof Uint8Array)) throw new EventLogError('record_invalid', 'a value must be a Uint8Array');
  const keyBytes = Buffer.byteLength(key);
  const storedBytes = recordHeaderBytes + keyBytes + value.length;
  if (storedBytes > recordBytesMax)
    throw new EventLogError(
      'record_too_large',
      `a record of ${storedBytes} bytes exceeds the limit of ${recordBytesMax}`,
    );
  return { key, value, keyBytes, storedBytes };
}
