import { takeInteger, takeText } from './fields.ts';
import type { JsonObject, JsonValue } from './json-value.ts';
import { limits } from './limits.ts';
import { childPath } from './pointer.ts';
import type { Fault } from './verdict.ts';

const AFTER_2200_US = 7_258_118_400_000_000;

/** The fields of one stored object. Each call gives a value of the right type; where there is none, a fault says so. */
export interface RecordFields {
  /** Exactly these names: a reader that ignored one it doesn't know would lose what a newer writer meant by it. */
  requireNames(names: readonly string[]): void;
  text(name: string, lengthMax: number): string;
  textOrEmpty(name: string, lengthMax: number): string;
  textOrNull(name: string, lengthMax: number): string | null;
  /** A list of texts, each of which may be empty; the list may not. */
  texts(name: string, countMax: number, lengthMax: number): readonly string[];
  integer(name: string, min: number, max: number): number;
  /** Microseconds since 1970, from 1980 to 2200. */
  instant(name: string): number;
  instantOrNull(name: string): number | null;
}

/** `path`: the JSON pointer of the object, for the faults. */
export function createRecordFields(object: JsonObject, path: string, faults: Fault[]): RecordFields {
  const at = (name: string): JsonValue => object.get(name) ?? null;
  const fault = (name: string, message: string): void => {
    faults.push({ code: 'wrong_type', path: childPath(path, name), message });
  };
  const textOrNull = (name: string, lengthMax: number): string | null =>
    takeText(at(name), lengthMax, childPath(path, name), faults);
  const instantOrNull = (name: string): number | null =>
    takeInteger(at(name), limits.occurredAtUsMin, AFTER_2200_US, childPath(path, name), faults);

  function required<T>(name: string, value: T | null, instead: T): T {
    if (value === null) fault(name, 'expected a value');
    return value ?? instead;
  }

  return {
    requireNames(names) {
      for (const name of object.keys()) if (!names.includes(name)) fault(name, 'this name is unknown here');
      for (const name of names) {
        if (!object.has(name)) faults.push({ code: 'missing_field', path, message: `"${name}" is missing` });
      }
    },
    text: (name, lengthMax) => required(name, textOrNull(name, lengthMax), ''),
    textOrEmpty: (name, lengthMax) => (at(name) === '' ? '' : required(name, textOrNull(name, lengthMax), '')),
    textOrNull,
    texts(name, countMax, lengthMax) {
      const list = at(name);
      if (!Array.isArray(list) || list.length === 0 || list.length > countMax) {
        fault(name, `expected a list of 1 to ${countMax} texts`);
        return [];
      }
      const where = childPath(path, name);
      return list.map((value: JsonValue) => {
        if (value === null) fault(name, 'expected text in the list');
        return value === '' ? '' : (takeText(value, lengthMax, where, faults) ?? '');
      });
    },
    integer: (name, min, max) => required(name, takeInteger(at(name), min, max, childPath(path, name), faults), min),
    instant: (name) => required(name, instantOrNull(name), 0),
    instantOrNull,
  };
}
