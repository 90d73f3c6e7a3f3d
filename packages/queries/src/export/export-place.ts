import type { z } from 'zod';
import { JourneyQuestionError } from '../journey/errors.ts';

/** A place as opaque text that can stand in a URL. */
export function encodePlace(place: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place of a text. @throws JourneyQuestionError `/cursor` when it is none */
export function decodePlace<T>(text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new JourneyQuestionError([{ pointer: '/cursor', message: 'is not a cursor that this service gave out' }]);
  }
}

const keys = 2n ** 64n;

/** How much of an export lies behind a key, 0…1: keys are hashes, so equal parts of the key space hold about as much. */
export function shareBehind(key: string): number {
  return Number((BigInt(key) * 10_000n) / keys) / 10_000;
}
