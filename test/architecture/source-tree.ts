import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** One text file of the project. */
export interface SourceFile {
  /** Path from the root, with forward slashes. */
  path: string;
  text: string;
  lines: string[];
}

const passedOver = new Set(['node_modules', 'dist', '.git', 'coverage', '.michinori']);

/** Every file below `folder` (from the root) whose name ends with one of `endings`. */
export function filesBelow(folder: string, endings: readonly string[]): SourceFile[] {
  const found: SourceFile[] = [];
  const walk = (directory: string): void => {
    for (const name of readdirSync(directory).sort()) {
      if (passedOver.has(name)) continue;
      const path = join(directory, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (endings.some((ending) => name.endsWith(ending))) found.push(read(path));
    }
  };
  walk(join(root, folder));
  return found;
}

/** Specifiers of every static and dynamic import and re-export of a file. */
export function importsOf(file: SourceFile): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+)(['"])([^'"]+)\1/gm;
  return [...file.text.matchAll(pattern)].map((match) => match[2] ?? '');
}

/** `path:line` of every line of the files that the pattern matches. */
export function linesMatching(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    file.lines.flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

function read(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  return { path: relative(root, path).split(sep).join('/'), text, lines: text.split('\n') };
}
