import type { JsonValue } from '../json-value.ts';

/**
 * An id as other products take it: clients send empty text for "not given" and whole numbers for numeric ids, which are
 * their decimal text here. Everything else stays what it is, for the judge.
 */
export function vendorId(value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === '') return null;
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : value;
}

/** A text field of a client that sends empty text for "not given". */
export function vendorText(value: JsonValue | undefined): JsonValue {
  return value === undefined || value === '' ? null : value;
}

const FINE = /(\.\d{6})\d+(?=[Zz+-])/;
const ZONE_WITHOUT_COLON = /([+-]\d\d)(\d\d)$/;

/**
 * A time as clients write it → RFC 3339: digits beyond microseconds are cut off (Go writes nine, .NET seven, and nobody
 * chose them), `+0900` becomes `+09:00`, `t` and `z` capitals. What isn't a text stays what it is.
 */
export function vendorTime(value: JsonValue | undefined): JsonValue {
  const text = vendorText(value);
  if (typeof text !== 'string' || text.length > 64) return text;
  return text.replace(FINE, '$1').replace(ZONE_WITHOUT_COLON, '$1:$2').replace('t', 'T').replace('z', 'Z');
}
