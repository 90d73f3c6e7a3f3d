import { clientError } from './error.ts';
import { encodeNumber } from './parameter-numbers.ts';
import type { Placeholder } from './placeholders.ts';

/** A checked value; numbers and times are text already, so both adapters only have to quote. */
export type ParameterValue =
  | null
  | string
  | boolean
  | { readonly digits: string }
  | { readonly items: readonly ParameterValue[]; readonly tuple: boolean }
  | { readonly entries: readonly (readonly [ParameterValue, ParameterValue])[] };

/** The checked values of a query's placeholders. */
export type Parameters = ReadonlyMap<string, ParameterValue>;

/** No parameters. */
export const noParameters: Parameters = new Map();

/**
 * Checks the values of a query's placeholders against their types. Strings are text; numbers are numbers, except that
 * a number for a `DateTime64` is microseconds since 1970; bigint for 64 bits; null only for Nullable; arrays, Maps and
 * plain objects nest, a Tuple is an array. Throws ClickHouseError `BAD_PARAMETERS` when a placeholder has no value or a
 * value has no exact form.
 */
export function checkParameters(query: string, placeholders: readonly Placeholder[], values: unknown): Parameters {
  const given = new Map(Object.entries(values ?? {}));
  const checked = new Map<string, ParameterValue>();
  for (const { name, type } of placeholders) {
    const value = given.get(name);
    const fail = (why: string) => clientError('BAD_PARAMETERS', `query ${query}, parameter {${name}:${type}}: ${why}`);
    if (value === undefined) throw fail('no value');
    checked.set(name, checkValue(value, type, fail));
  }
  return checked;
}

function checkValue(value: unknown, type: string, fail: (why: string) => Error): ParameterValue {
  const { outer, inner } = readType(type);
  if (outer === 'Nullable' || outer === 'LowCardinality') {
    if (value === null && outer === 'Nullable') return null;
    return checkValue(value, inner[0] ?? '', fail);
  }
  if (value === null) throw fail('null, but the type is not Nullable');
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const encoded = encodeNumber(value, outer);
    if (typeof encoded === 'object' && 'why' in encoded) throw fail(encoded.why);
    return encoded;
  }
  if (Array.isArray(value)) {
    const tuple = outer === 'Tuple';
    return { items: value.map((item, i) => checkValue(item, inner[tuple ? i : 0] ?? '', fail)), tuple };
  }
  if (typeof value !== 'object') throw fail(`${typeof value} has no form in ClickHouse`);
  const entries: readonly (readonly [unknown, unknown])[] = value instanceof Map ? [...value] : Object.entries(value);
  return {
    entries: entries.map(([k, v]) => [checkValue(k, inner[0] ?? '', fail), checkValue(v, inner[1] ?? '', fail)]),
  };
}

function readType(type: string): { outer: string; inner: readonly string[] } {
  const [, outer = type, content] = /^(\w+)\s*(?:\(([\s\S]*)\))?$/.exec(type.trim()) ?? [];
  if (content === undefined) return { outer, inner: [] };
  const inner = [''];
  let depth = 0;
  for (const character of content) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) inner.push('');
    else inner[inner.length - 1] += character;
  }
  return { outer, inner };
}
