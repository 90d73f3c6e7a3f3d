import { z } from 'zod';

const integerText = z.string().regex(/^-?\d+$/);

/** A 64-bit integer column, exact: bigint. */
export const bigintColumn = integerText.transform((text) => BigInt(text));

/** A 64-bit integer column as a number; a value beyond 2^53 is an error, never a rounded number. For counts, offsets and µs. */
export const integerColumn = z.union([integerText, z.int()]).transform((value, context) => {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  context.issues.push({ code: 'custom', message: 'beyond 2^53', input: value });
  return z.NEVER;
});

/** A 64-bit integer column as decimal text, e.g. for a key that is only passed on. */
export const integerTextColumn = integerText;

/** A UInt8 column that holds 0 or 1, or a Bool column. */
export const flagColumn = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform((value) => Boolean(value));

/** A `Map(…, String)` column as a Map, so that keys such as `__proto__` and `1` stay what they are. */
export const textMapColumn: z.ZodType<ReadonlyMap<string, string>> = z.unknown().transform((value, context) => {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return new Map(entries);
  context.issues.push({ code: 'custom', message: 'not a map of text', input: value });
  return z.NEVER;
});

/** A `DateTime64(6)` column: integer microseconds since 1970. */
export const microsecondsColumn = z.string().transform((text, context) => {
  const us = microsecondsFromIso(text);
  if (us !== null) return us;
  context.issues.push({ code: 'custom', message: 'not an ISO 8601 time in UTC', input: text });
  return z.NEVER;
});

const iso = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/;

/** Integer microseconds since 1970 of an ISO 8601 time in UTC (digits beyond microseconds are cut), or null. */
export function microsecondsFromIso(text: string): number | null {
  const [, seconds, fraction = ''] = iso.exec(text) ?? [];
  if (seconds === undefined) return null;
  const ms = Date.parse(`${seconds}Z`);
  return Number.isNaN(ms) ? null : ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** ISO 8601 with six digits of integer microseconds since 1970. */
export function isoFromMicroseconds(us: number): string {
  const seconds = Math.floor(us / 1_000_000);
  const fraction = String(us - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
