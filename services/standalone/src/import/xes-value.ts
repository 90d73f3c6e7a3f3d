import { type JsonValue, readJson } from '@michinori/events';

/** The kinds of attributes that IEEE 1849 knows. */
export const attributeKinds: ReadonlySet<string> = new Set([
  'string',
  'date',
  'int',
  'float',
  'boolean',
  'id',
  'list',
  'container',
]);

/** An attribute that is being read, with what stands inside it. */
export interface OpenAttribute {
  key: string;
  value: JsonValue | undefined;
  /** Of a list: its values, in order. */
  items: JsonValue[] | undefined;
  /** Attributes of the attribute, by their path below it. */
  members: [path: string, value: JsonValue][];
}

/**
 * Begins an attribute. Numbers and truth values are such where nothing is lost by it; everything else is text. A float that is no number is not
 * given: that is how programs over data frames write what is missing.
 */
export function openAttribute(kind: string, key: string, text: string | undefined): OpenAttribute {
  const isList = kind === 'list';
  const value = isList || kind === 'container' || text === undefined ? undefined : readValue(kind, text);
  return { key, value, items: isList ? [] : undefined, members: [] };
}

/** What an attribute that is complete adds below its parent: itself, then its own attributes with dots. */
export function entriesOf({ key, value, items, members }: OpenAttribute): [path: string, value: JsonValue][] {
  const own = items ?? value;
  const below = members.map(([path, member]): [string, JsonValue] => [`${key}.${path}`, member]);
  return own === undefined ? below : [[key, own], ...below];
}

/** What an attribute that is complete is as an item of a list. */
export function itemOf({ value, items, members }: OpenAttribute): JsonValue {
  return items ?? value ?? new Map(members);
}

const noNumber = /^\s*[+-]?(?:nan|inf|infinity)\s*$/i;

function readValue(kind: string, text: string): JsonValue | undefined {
  if (kind === 'float' && noNumber.test(text)) return undefined;
  if (kind === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
  if (kind !== 'int' && kind !== 'float') return text;
  const read = readJson(text.trim());
  return read.ok && typeof read.value === 'number' ? read.value : text;
}
