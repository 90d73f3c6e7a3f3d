import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { ConfigProblem } from './config-error.ts';

/** A configuration file as it was found; nobody but the caller reads the disk. */
export interface ConfigFile {
  name: string;
  text: string;
}

/** A key of the file: its path, its value as plain data, where its name stands. `isMap`: has keys of its own. */
export interface FileEntry {
  path: readonly string[];
  value: unknown;
  where: string;
  isMap: boolean;
}

export interface ParsedFile {
  entries: FileEntry[];
  problems: ConfigProblem[];
}

/** Parses YAML 1.2 and lists every key at every depth with its line and column. */
export function parseConfigFile({ name, text }: ConfigFile): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({ where: at(pos[0]), path: '', message }));
    return { entries: [], problems };
  }

  const entries: FileEntry[] = [];
  const problems: ConfigProblem[] = [];
  const root = document.contents;
  const offsetOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;
  const walk = (node: unknown, path: string[]): void => {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key) || typeof key.value !== 'string') {
        problems.push({ where: at(offsetOf(key)), path: path.join('.'), message: 'keys must be text' });
        continue;
      }
      const here = [...path, key.value];
      const plain: unknown = (value as Node | null)?.toJS(document) ?? null;
      entries.push({ path: here, value: plain, where: at(offsetOf(key)), isMap: isMap(value) });
      walk(value, here);
    }
  };
  if (isMap(root)) walk(root, []);
  else if (root !== null && !(isScalar(root) && root.value === null)) {
    problems.push({ where: at(offsetOf(root)), path: '', message: 'must be a mapping of settings' });
  }
  return { entries, problems };
}
