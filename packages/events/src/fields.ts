import { isCurrencyCode } from './currencies.ts';
import type { Amount, Direction } from './event.ts';
import { isJsonObject, isUnkept, type JsonObject, type JsonValue, kindOf, type Unkept } from './json-value.ts';
import { limits } from './limits.ts';
import { nearest } from './nearest.ts';
import { childPath } from './pointer.ts';
import { isLongerThan, quoted, textFault } from './text.ts';
import type { Fault } from './verdict.ts';

/** Where the takers below report; they return null both for "not given" and for "faulty", so look here afterwards. */
export type FaultSink = Fault[];

const UNKEPT_MESSAGES: Record<Unkept['unkept'], string> = {
  number_not_exact:
    'this number cannot be kept exactly (whole numbers go to 2^53 − 1, decimals to 15–17 digits); send it as text',
  number_not_finite: 'NaN and infinity are not numbers',
  too_deep: `objects and arrays may be nested ${limits.depthMax} levels deep`,
  duplicate_name: 'this name stands twice in its object',
  wrong_type: 'this is not a JSON value',
  event_too_large: `an event may have ${limits.eventBytesMax} bytes`,
};

export function describeUnkept(value: Unkept, path: string): Fault {
  const shown = value.text === '' ? '' : `: ${quoted(value.text)}`;
  return { code: value.unkept, path, message: UNKEPT_MESSAGES[value.unkept] + shown };
}

function reportType(value: JsonValue, expected: string, path: string, faults: FaultSink): null {
  if (isUnkept(value)) faults.push(describeUnkept(value, path));
  else faults.push({ code: 'wrong_type', path, message: `expected ${expected}, got ${kindOf(value)}` });
  return null;
}

/** A text of 1 to `lengthMax` characters, well-formed and without NUL. */
export function takeText(value: JsonValue, lengthMax: number, path: string, faults: FaultSink): string | null {
  if (value === null) return null;
  if (typeof value !== 'string') return reportType(value, 'text', path, faults);
  if (value === '') {
    faults.push({ code: 'empty_text', path, message: 'leave the field out instead of sending empty text' });
    return null;
  }
  if (isLongerThan(value, lengthMax)) {
    const message = `at most ${lengthMax} characters`;
    faults.push({ code: 'text_too_long', path, message });
    return null;
  }
  const unusable = textFault(value);
  if (unusable === null) return value;
  faults.push({ code: unusable, path, message: 'this text cannot be kept unchanged' });
  return null;
}

/** A number between two bounds, inclusive. */
export function takeNumber(value: JsonValue, min: number, max: number, path: string, faults: FaultSink): number | null {
  if (value === null) return null;
  if (typeof value !== 'number') return reportType(value, 'a number', path, faults);
  if (value >= min && value <= max) return value;
  faults.push({ code: 'number_out_of_range', path, message: `expected ${min} to ${max}, got ${value}` });
  return null;
}

/** A whole number between two bounds, inclusive. `9.0` and `9e0` are whole. */
export function takeInteger(
  value: JsonValue,
  min: number,
  max: number,
  path: string,
  faults: FaultSink,
): number | null {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    faults.push({ code: 'not_an_integer', path, message: `expected a whole number, got ${value}` });
    return null;
  }
  return takeNumber(value, min, max, path, faults);
}

const directions: readonly Direction[] = ['inbound', 'outbound'];

export function takeDirection(value: JsonValue, path: string, faults: FaultSink): Direction | null {
  if (value === null) return null;
  if (typeof value !== 'string') return reportType(value, 'text', path, faults);
  const direction = directions.find((candidate) => candidate === value);
  if (direction !== undefined) return direction;
  const near = nearest(value, directions);
  const hint = near === null ? 'inbound or outbound' : quoted(near);
  faults.push({ code: 'unknown_value', path, message: `${quoted(value)} is no direction; did you mean ${hint}?` });
  return null;
}

export function takeObject(value: JsonValue, path: string, faults: FaultSink): JsonObject | null {
  if (value === null || isJsonObject(value)) return value;
  return reportType(value, 'an object', path, faults);
}

/** Optional minus, whole digits without leading zeros, optional fraction. */
export const amountForm = new RegExp(
  `^-?(?:0|[1-9]\\d{0,${limits.amountIntegerDigitsMax - 1}})(?:\\.\\d{1,${limits.amountFractionDigitsMax}})?$`,
);

/** `{ value, currency }`, both required: a decimal text that fits 38 digits with 9 behind the point, and an ISO 4217 code. */
export function takeAmount(value: JsonValue, path: string, faults: FaultSink): Amount | null {
  const object = takeObject(value, path, faults);
  if (object === null) return null;
  for (const name of object.keys()) {
    if (name !== 'value' && name !== 'currency') {
      faults.push(unknownField(name, ['value', 'currency'], path));
      return null;
    }
  }
  const decimal = takeAmountText(object.get('value') ?? null, 'value', path, faults);
  const currency = takeAmountText(object.get('currency') ?? null, 'currency', path, faults);
  if (decimal === null || currency === null) return null;
  if (!amountForm.test(decimal)) {
    const form = `at most ${limits.amountIntegerDigitsMax} digits before and ${limits.amountFractionDigitsMax} after the point`;
    faults.push({ code: 'invalid_amount', path: `${path}/value`, message: `write it like "-1200.50", ${form}` });
    return null;
  }
  if (!isCurrencyCode(currency)) {
    const capitals = currency.toUpperCase();
    const hint = isCurrencyCode(capitals) ? `; did you mean "${capitals}"?` : '';
    const message = `${quoted(currency)} is no ISO 4217 code${hint}`;
    faults.push({ code: 'unknown_currency', path: `${path}/currency`, message });
    return null;
  }
  return { value: decimal, currency };
}

function takeAmountText(value: JsonValue, name: string, path: string, faults: FaultSink): string | null {
  if (value === null) {
    faults.push({ code: 'missing_field', path, message: `an amount needs ${quoted(name)}` });
    return null;
  }
  if (typeof value === 'number') {
    const message = `write it as text, e.g. "${value}": numbers don't keep decimals`;
    faults.push({ code: 'wrong_type', path: `${path}/${name}`, message });
    return null;
  }
  return takeText(value, 64, `${path}/${name}`, faults);
}

/** A name that isn't in the contract, with the nearest one that is. */
export function unknownField(name: string, known: readonly string[], path: string): Fault {
  const near = nearest(name, known);
  const hint = near === null ? `known are ${known.join(', ')}` : `did you mean ${quoted(near)}?`;
  return { code: 'unknown_field', path: childPath(path, name), message: `unknown field ${quoted(name)}; ${hint}` };
}
