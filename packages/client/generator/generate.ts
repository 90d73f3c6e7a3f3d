import { type OpenApi, operationsOf } from './document.ts';
import { nameAll } from './names.ts';
import { renderOperation } from './render-operation.ts';
import { sharedShapes } from './shapes.ts';

const head =
  '// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.\n';

/**
 * The client's questions from the OpenAPI document: a file per operation, one per group, one with shared shapes, and `questions.ts`, which exports
 * them all. Pure; not yet formatted.
 *
 * @returns TypeScript by file name below `src/generated`
 */
export function generate(document: OpenApi): Map<string, string> {
  const operations = operationsOf(document);
  const names = nameAll(operations);
  const shapes = sharedShapes(operations);
  const files = new Map<string, string>();
  const groups = new Map<string, { name: string; file: string; types: readonly string[] }[]>();
  const rendered = operations.map((operation, i) => {
    const name = names[i] ?? { group: '', name: '' };
    return { ...name, ...renderOperation(operation, name, shapes) };
  });
  const shared = shapes.render();
  const sharedNames = shared.map(({ name }) => name);
  for (const { group, name, types, text } of rendered) {
    const file = `${kebab(group)}/${kebab(name)}.ts`;
    const row = /\bFlatRow\b/.test(text) ? ['FlatRow', 'Question'] : ['Question'];
    const used = sharedNames.filter((shape) => new RegExp(`\\b${shape}\\b`).test(text));
    const imports = [
      `import type { ${row.join(', ')} } from '../../question.ts';\n`,
      ...(used.length === 0 ? [] : [`import type { ${used.join(', ')} } from '../shapes.ts';\n`]),
    ];
    files.set(file, `${head}${imports.join('')}\n${text}`);
    groups.set(group, [...(groups.get(group) ?? []), { name, file, types }]);
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [group, members] of sorted) {
    const lines = [...members].sort(byFile).map(({ name, file }) => `export { ${name} } from './${file}';\n`);
    files.set(`${kebab(group)}.ts`, `${head}${lines.join('')}`);
  }
  files.set('shapes.ts', `${head}\n${shared.map(({ text }) => text).join('\n')}`);
  const exported = [
    ...sorted.map(([group]) => `export * as ${group} from './${kebab(group)}.ts';\n`),
    ...sorted.flatMap(([, members]) =>
      [...members]
        .sort(byFile)
        .map(({ file, types }) => `export type { ${[...types].sort().join(', ')} } from './${file}';\n`),
    ),
    ...(sharedNames.length === 0 ? [] : [`export type { ${sharedNames.join(', ')} } from './shapes.ts';\n`]),
  ];
  files.set('questions.ts', `${head}${exported.join('')}`);
  return files;
}

/** The table of all questions, as Markdown. */
export function generateTable(document: OpenApi): string {
  const operations = operationsOf(document);
  const names = nameAll(operations);
  const lines = operations.map(({ method, path, summary, pathParameters, query, body, textType, meta }, i) => {
    const given = [...pathParameters, ...((body ?? textType) ? ['body'] : []), ...(query === null ? [] : ['query'])];
    const pages = meta.properties?.cursor === undefined ? '' : 'yes';
    return `| \`${names[i]?.group}.${names[i]?.name}(${given.join(', ')})\` | \`${method} ${path}\` | ${pages} | ${summary} |\n`;
  });
  const sorted = lines.sort();
  return `# Questions\n\nGenerated from \`services/query-api/openapi.json\`. The types of parameters, rows and meta stand at each function.\n\n| question | request | pages | answer |\n| --- | --- | --- | --- |\n${sorted.join('')}`;
}

const byFile = (a: { file: string }, b: { file: string }): number => (a.file < b.file ? -1 : 1);
const kebab = (text: string): string => text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
