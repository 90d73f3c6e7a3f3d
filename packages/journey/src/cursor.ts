import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node } from 'yaml';
import { nearestWord } from './nearest-word.ts';
import type { Place, Report } from './problem.ts';
import { keyText } from './source-nodes.ts';

/** A value of the source: its node, and where it stands. */
export interface Cursor extends Place {
  readonly node: Node | null;
}

export type Members = ReadonlyMap<string, Cursor & { readonly nameOffset: number }>;

export function cursorAt(node: Node | null, key: string, offset: number): Cursor {
  return { node, key, offset: node?.range?.[0] ?? offset };
}

/** What a value is, in words of YAML. An alias has been reported already. */
export function kindOf({ node }: Cursor): 'map' | 'list' | 'text' | 'number' | 'boolean' | 'nothing' | 'alias' {
  if (node === null) return 'nothing';
  if (isAlias(node)) return 'alias';
  if (isMap(node)) return 'map';
  if (isSeq(node)) return 'list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  if (typeof node.value === 'string') return 'text';
  return typeof node.value === 'boolean' ? 'boolean' : 'number';
}

/** Reports that a value is of another type than it has to be. */
export function reportType(cursor: Cursor, expected: string, report: Report, suggestion: string | null = null): void {
  const kind = kindOf(cursor);
  if (kind === 'alias') return;
  if (kind === 'nothing') report('missing_value', cursor, `has no value; it takes ${expected}, or leave the key out`);
  else
    report(
      'wrong_type',
      cursor,
      `is ${kind === 'boolean' ? 'true or false' : `a ${kind}`}, but takes ${expected}`,
      suggestion,
    );
}

/** All members of a map by name, the first of equal ones; null, reported, if it is none. */
export function membersOf(cursor: Cursor, expected: string, report: Report): Members | null {
  const { node, key } = cursor;
  if (node === null || !isMap(node)) {
    reportType(cursor, expected, report);
    return null;
  }
  const members = new Map<string, Cursor & { nameOffset: number }>();
  for (const pair of node.items) {
    const name = keyText(pair.key);
    if (!isPair(pair) || name === null || members.has(name)) continue;
    const nameOffset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? cursor.offset;
    const value = isNode(pair.value) ? pair.value : null;
    const path = key === '' ? name : `${key}.${name}`;
    const at =
      kindOf(cursorAt(value, path, nameOffset)) === 'nothing'
        ? { node: null, key: path, offset: nameOffset }
        : cursorAt(value, path, nameOffset);
    members.set(name, { ...at, nameOffset });
  }
  return members;
}

/**
 * The members of a map with a fixed set of keys: unknown and missing ones are reported, a missing one only if no unknown key
 * looks like it. Null if it is no map.
 */
export function shapeOf(
  cursor: Cursor,
  known: readonly string[],
  required: readonly string[],
  report: Report,
): Members | null {
  const members = membersOf(cursor, `a map with ${known.join(', ')}`, report);
  if (members === null) return null;
  for (const [name, { key, nameOffset }] of members) {
    if (!known.includes(name)) reportUnknownKey(name, { key, offset: nameOffset }, known, report);
  }
  for (const name of required) {
    if (members.has(name) || isMisspelt(name, members, known)) continue;
    const key = cursor.key === '' ? name : `${cursor.key}.${name}`;
    report('missing_key', { key, offset: cursor.offset }, `${JSON.stringify(name)} is missing`);
  }
  return members;
}

/** Whether a key that isn't known is most like this one. */
export function isMisspelt(name: string, members: Members, known: readonly string[]): boolean {
  return [...members.keys()].some((given) => !known.includes(given) && nearestWord(given, known) === name);
}

export function reportUnknownKey(name: string, at: Place, known: readonly string[], report: Report): void {
  const shown = JSON.stringify(name.slice(0, 60));
  report('unknown_key', at, `there is no key ${shown} here, only ${known.join(', ')}`, nearestWord(name, known));
}

/** The elements of a list; null, reported, if it is none or longer than allowed. */
export function elementsOf(cursor: Cursor, expected: string, countMax: number, report: Report): Cursor[] | null {
  const { node, key, offset } = cursor;
  if (node === null || !isSeq(node)) {
    reportType(cursor, expected, report);
    return null;
  }
  if (node.items.length > countMax) {
    report('too_many', cursor, `has ${node.items.length} elements, at most ${countMax} are allowed`);
    return null;
  }
  return node.items.map((item, index) => cursorAt(isNode(item) ? item : null, `${key}[${index}]`, offset));
}

/** A list, or one element that stands for a list of one. */
export function oneOrMore(cursor: Cursor, expected: string, countMax: number, report: Report): Cursor[] | null {
  return kindOf(cursor) === 'list' ? elementsOf(cursor, expected, countMax, report) : [cursor];
}
