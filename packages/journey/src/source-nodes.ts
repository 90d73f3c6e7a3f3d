import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { Report } from './problem.ts';

export const tagMessage = 'tags are not allowed; a text that begins with ! has to stand in quotes';

/** Reports what YAML allows and definitions don't: anchors, aliases, tags, keys that are no text, keys that stand twice. */
export function checkNodes(root: Node, report: Report): void {
  walk(root, '');

  function walk(node: Node, key: string): void {
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node)) {
      report(
        'yaml_alias',
        { key, offset },
        `aliases are not allowed: write the value out, or put a text that begins with * in quotes`,
        JSON.stringify(`*${node.source}`),
      );
      return;
    }
    if ('anchor' in node && node.anchor) {
      report(
        'yaml_alias',
        { key, offset },
        `anchors are not allowed; a text that begins with & has to stand in quotes`,
      );
    }
    if (node.tag?.startsWith('tag:yaml.org,')) report('yaml_tag', { key, offset }, tagMessage);
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) if (isNode(item)) walk(item, `${key}[${index}]`);
    } else if (isMap(node)) {
      walkPairs(node.items, key);
    }
  }

  function walkPairs(items: readonly unknown[], key: string): void {
    const seen = new Set<string>();
    for (const pair of items) {
      if (!isPair(pair)) continue;
      const { key: name, value } = pair;
      const text = keyText(name);
      const offset = (isNode(name) ? name.range?.[0] : undefined) ?? 0;
      if (text === null) {
        report('wrong_type', { key, offset }, 'a key must be a text');
        continue;
      }
      const path = key === '' ? text : `${key}.${text}`;
      if (isNode(name) && isScalar(name) && name.anchor)
        report('yaml_alias', { key: path, offset }, 'anchors are not allowed');
      if (seen.has(text))
        report('duplicate_key', { key: path, offset }, `${JSON.stringify(text)} stands twice in one map`);
      seen.add(text);
      if (isNode(value)) walk(value, path);
    }
  }
}

/** The text of a key as it is written (`1` and `true` are texts here), or null for lists, maps, aliases. */
export function keyText(name: unknown): string | null {
  if (!isNode(name) || !isScalar(name)) return null;
  return typeof name.value === 'string' ? name.value : (name.source ?? String(name.value));
}
