/** A value that is JSON but can't be kept as it stands; `text` is what was written, as far as it says something. */
export interface Unkept {
  readonly unkept:
    | 'number_not_exact'
    | 'number_not_finite'
    | 'too_deep'
    | 'duplicate_name'
    | 'wrong_type'
    | 'event_too_large';
  readonly text: string;
}

/** Objects are Maps: `__proto__` and `constructor` are names like any other, and the order is the one that was sent. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/**
 * JSON read exactly: a number is the double whose shortest text is numerically what was written, and what a double
 * can't keep is an `Unkept`, as are repeated names and values nested too deeply.
 */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject | Unkept;

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

export function isUnkept(value: JsonValue | undefined): value is Unkept {
  return typeof value === 'object' && value !== null && 'unkept' in value;
}

/** What to call a value in a message. */
export function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (isJsonObject(value)) return 'an object';
  if (typeof value === 'object') return 'a value that cannot be kept';
  return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}
