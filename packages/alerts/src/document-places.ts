import type { Place } from '@michinori/journey';
import { keyText } from '@michinori/journey';
import { isMap, isNode, isSeq, type Node } from 'yaml';

/** What stands at a path of a document. */
export interface PlacedNode extends Place {
  /** Null: the key has no value; undefined: there is nothing at this path, and the place is that of the map that should have it. */
  readonly node: Node | null | undefined;
}

/** Finds the place of a path (`['stages', 0]`) in a YAML document: of a value, of its key if that has no value, or of the map without it. */
export function placeOf(root: Node, path: readonly PropertyKey[]): PlacedNode {
  let found: PlacedNode = { node: root, key: '', offset: root.range?.[0] ?? 0 };
  for (const step of path) {
    const key =
      typeof step === 'number' ? `${found.key}[${step}]` : `${found.key}${found.key === '' ? '' : '.'}${String(step)}`;
    const next = childAt(found.node, step);
    if (next === undefined) return { node: undefined, key, offset: found.offset };
    found = { node: next.node, key, offset: next.offset };
  }
  return found;
}

/** The place of a key itself, for keys that shouldn't be there. */
export function placeOfKey(root: Node, path: readonly PropertyKey[], name: string): Place {
  const parent = placeOf(root, path);
  const key = parent.key === '' ? name : `${parent.key}.${name}`;
  const pair = isMap(parent.node) ? parent.node.items.find((item) => keyText(item.key) === name) : undefined;
  return { key, offset: (isNode(pair?.key) ? pair.key.range?.[0] : undefined) ?? parent.offset };
}

function childAt(node: Node | null | undefined, step: PropertyKey): { node: Node | null; offset: number } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return isNode(item) ? { node: item, offset: item.range?.[0] ?? 0 } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => keyText(item.key) === step);
  if (pair === undefined) return undefined;
  const keyOffset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? 0;
  const isEmpty = !isNode(pair.value) || ('value' in pair.value && pair.value.value === null);
  if (isEmpty) return { node: null, offset: keyOffset };
  const value = pair.value as Node;
  return { node: value, offset: value.range?.[0] ?? keyOffset };
}
