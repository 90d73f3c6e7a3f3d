import { keyText } from '@michinori/journey';
import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml';

/** The plain value of a document: the first of equal keys counts, an alias is null; both have been reported by then. */
export function documentValue(node: Node): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => (isNode(item) ? documentValue(item) : null));
  if (!isMap(node)) return null;
  const members = new Map<string, unknown>();
  for (const { key, value } of node.items) {
    const name = keyText(key);
    if (name !== null && !members.has(name)) members.set(name, isNode(value) ? documentValue(value) : null);
  }
  return Object.fromEntries(members);
}
