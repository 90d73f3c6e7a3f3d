import { isUnkept, type JsonObject, type JsonValue, readJson } from '@michinori/events';
import type { FieldSource, SourceRow } from './mapping.ts';
import { readTimestamp } from './timestamp.ts';

/**
 * The native event that a row becomes, before it is checked like any other event, and all that went into it as text;
 * or what is wrong with a cell.
 */
export type MappedRow =
  | { ok: true; event: JsonObject; content: () => string }
  | { ok: false; column: string; message: string };

const numberFields: readonly string[] = ['sequence', 'sentiment', 'nps'];
const numberForm = /^([+-]?)0*(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;

/**
 * Applies a fitted mapping to a row. Empty cells are not given. Texts become numbers, times and amounts only where the
 * field is one; properties and traits stay what they are in the file.
 */
export function mapRow(sources: readonly FieldSource[], row: SourceRow, timezone: string | undefined): MappedRow {
  const event = new Map<string, JsonValue>();
  const groups = { properties: new Map<string, JsonValue>(), traits: new Map<string, JsonValue>() };
  const amount = new Map<string, JsonValue>();
  const given: (string | JsonValue)[] = [];
  for (const { field, group, column, constant } of sources) {
    const cell = column === undefined ? undefined : row.get(column);
    const value = cell === undefined || (cell === '' && constant !== undefined) ? constant : cell;
    if (value === undefined) continue;
    given.push(field, value);
    if (group !== undefined) {
      groups[group.kind].set(group.name, value);
      continue;
    }
    const text = textOf(value);
    if (text === '') continue;
    const place = cell === undefined || column === undefined ? `--set ${field}` : column;
    if (field.startsWith('amount.')) amount.set(field.slice('amount.'.length), text ?? value);
    else if (text === undefined) event.set(field, value);
    else if (field === 'occurredAt') {
      const read = readTimestamp(text, timezone);
      if (!read.ok) return { ok: false, column: place, message: read.message };
      event.set(field, read.iso);
    } else if (numberFields.includes(field)) {
      const number = readNumber(text);
      if (number === undefined) return { ok: false, column: place, message: `"${text}" is no number` };
      event.set(field, number);
    } else event.set(field, text);
  }
  if (groups.properties.size > 0) event.set('properties', groups.properties);
  if (groups.traits.size > 0) event.set('traits', groups.traits);
  if (amount.size > 0) event.set('amount', amount);
  return { ok: true, event, content: () => describe(given) };
}

/**
 * The columns of a JSON object: members of nested objects under names with dots, arrays as they are, nulls not at all.
 *
 * @returns undefined if two members end up under one name
 */
export function flattenRow(object: JsonObject): SourceRow | undefined {
  const row = new Map<string, JsonValue>();
  const add = (prefix: string, members: JsonObject): boolean =>
    [...members].every(([name, value]) => {
      const path = `${prefix}${name}`;
      if (value instanceof Map) return add(`${path}.`, value);
      if (value === null) return true;
      if (row.has(path)) return false;
      row.set(path, value);
      return true;
    });
  return add('', object) ? row : undefined;
}

/** Text that is different for different values: plain JSON where there are no Maps, which JSON would show as empty. */
function describe(given: readonly JsonValue[]): string {
  const isFlat = given.every((value) => typeof value !== 'object');
  return isFlat
    ? JSON.stringify(given)
    : JSON.stringify(given, (_, value) => (value instanceof Map ? [...value] : value));
}

/** A scalar as text, digit by digit as it was written; undefined for what has no text. */
function textOf(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isUnkept(value) && value.unkept === 'number_not_exact' && value.text.length < 64 ? value.text : undefined;
}

function readNumber(text: string): JsonValue | undefined {
  const match = numberForm.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
  if (!/\d/.test(text.replace(/e.*/i, ''))) return undefined;
  const literal = `${sign === '-' ? '-' : ''}${whole || '0'}${fraction && `.${fraction}`}${exponent && `e${exponent}`}`;
  const read = readJson(literal);
  return read.ok ? read.value : undefined;
}
