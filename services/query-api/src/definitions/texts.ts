import { isoMicroseconds } from '@michinori/queries';
import { z } from 'zod';

const earliestUs = Date.UTC(1980, 0, 1) * 1000;
const latestUs = Date.UTC(2200, 0, 1) * 1000;

/** Text that the log can keep: 1 to `lengthMax` characters, no NUL, no half of a surrogate pair. */
export function storableText(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text), {
      message: 'must not contain NUL or half of a surrogate pair',
    });
}

/** An ISO 8601 time of the years 1980 to 2199, as microseconds since 1970. */
export const instant = z
  .string()
  .refine((text) => isWithin(isoMicroseconds(text)), {
    message: 'must be an ISO 8601 time with a zone, from 1980 to 2199',
  })
  .transform((text) => isoMicroseconds(text) ?? 0);

function isWithin(us: number | null): boolean {
  return us !== null && us >= earliestUs && us < latestUs;
}
