import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

/** Plain data of a document whose shape a test looks into. */
export type Tree = { [name: string]: Tree } & Iterable<Tree>;

export const infra = fileURLToPath(new URL('../../infra/', import.meta.url));

export function readText(path: string): string {
  return readFileSync(join(infra, path), 'utf8');
}

/** Every YAML document of a file below infra/, merge keys resolved; fails on doubled keys and on anything that isn't YAML. */
export function readYaml(path: string): unknown[] {
  return parseAllDocuments(readText(path), { merge: true, uniqueKeys: true }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${path}: ${error.message}`);
    return document.toJS();
  });
}

/** Paths of the files below a folder of infra/ whose name ends so, from infra/. */
export function filesEnding(folder: string, ending: string): string[] {
  return readdirSync(join(infra, folder))
    .sort()
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      if (statSync(join(infra, path)).isDirectory()) return filesEnding(path, ending);
      return name.endsWith(ending) ? [path] : [];
    });
}
