import { microsecondsFromIso } from '@michinori/clickhouse';
import type { DeadLetterRow, DeadLettersParams } from '@michinori/queries';
import { z } from 'zod';
import { QuestionError } from '../question-error.ts';

const place = z.strictObject({
  receivedUs: z.int(),
  log: z.string(),
  partition: z.int().min(0),
  offset: z.int().min(0),
});

type Place = NonNullable<DeadLettersParams['before']>;

/** Where a page of dead letters ended, as opaque text that can stand in a URL. */
export function encodePlace({ receivedAt, log, partition, offset }: DeadLetterRow): string {
  const ended: Place = { receivedUs: microsecondsFromIso(receivedAt) ?? 0, log, partition, offset };
  return Buffer.from(JSON.stringify(ended)).toString('base64url');
}

/** The place of a text; `invalid_cursor` when it is none. */
export function decodePlace(text: string): Place {
  try {
    return place.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    const message = 'the cursor is not one that this service gave out';
    throw new QuestionError('invalid_cursor', message, [{ pointer: '/cursor', message }]);
  }
}
