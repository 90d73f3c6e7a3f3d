import type { Operation } from './document.ts';
import { pascalCase, singular } from './names.ts';
import { otherRows } from './other-rows.ts';
import { renderMembers } from './render-type.ts';
import type { Shapes } from './shapes.ts';

export interface RenderedOperation {
  /** Types that the file exports. */
  readonly types: readonly string[];
  /** TypeScript without imports. */
  readonly text: string;
}

/** The types of one operation and the function that makes its question. */
export function renderOperation(
  operation: Operation,
  { group, name }: { group: string; name: string },
  shapes: Shapes,
): RenderedOperation {
  const prefix = pascalCase(singular(group)) + pascalCase(name);
  const { method, path, query, body, textType, row, meta, pathParameters } = operation;
  const types = [
    ...(query === null ? [] : [{ name: `${prefix}Query`, text: renderMembers(query, 'in', shapes) }]),
    ...(body === null ? [] : [{ name: `${prefix}Body`, text: renderMembers(body, 'in', shapes) }]),
    { name: `${prefix}Row`, text: renderMembers(row, 'out', shapes) },
    { name: `${prefix}Meta`, text: renderMembers(meta, 'out', shapes) },
  ];
  const hasBody = body !== null || textType !== null;
  const bodyTypes = [...(textType === null ? [] : ['string']), ...(body === null ? [] : [`${prefix}Body`])];
  const needsQuery = (query?.required ?? []).length > 0;
  const fixed = [
    ...pathParameters.map((parameter) => `${parameter}: string`),
    ...(hasBody ? [`body: ${bodyTypes.join(' | ')}`] : []),
  ];
  const parameters = (queryType: string, mustHave = needsQuery): string =>
    [...fixed, ...(query === null ? [] : [`query${mustHave ? '' : '?'}: ${queryType}`])].join(', ');
  const address = path.replace(/\{(\w+)\}/g, (_, parameter: string) => `\${encodeURIComponent(${parameter})}`);
  const quote = address === path ? "'" : '`';
  const members = [
    `method: '${method}'`,
    `path: ${quote}${address}${quote}`,
    ...(query === null ? [] : ['query']),
    ...(hasBody ? ['body'] : []),
    ...(textType === null ? [] : [`textType: '${textType}'`]),
  ];
  const question = (rows: string): string => `Question<${rows}, ${prefix}Meta>`;
  const value = `{ ${members.join(', ')} }`;
  const others = Object.entries(otherRows[`${method} ${path}`] ?? {});
  const signatures = overloads(`${prefix}Query`, `${prefix}Row`, others).map(
    ([queryType, rows, mustHave]) =>
      `export function ${name}(${parameters(queryType, mustHave)}): ${question(rows)};\n`,
  );
  const code =
    others.length === 0
      ? `export const ${name} = (${parameters(`${prefix}Query`)}): ${question(`${prefix}Row`)} => (${value});\n`
      : `${signatures.join('')}export function ${name}(${parameters(`${prefix}Query`)}): ${question(`${prefix}Row | FlatRow`)} {\n  return ${value};\n}\n`;
  const text = [
    ...types.map((type) => `export type ${type.name} = ${type.text};\n`),
    `${documentation(operation)}${code}`,
  ].join('\n');
  return { types: types.map((type) => type.name), text };
}

/** With a parameter that changes the rows; without; and with one whose value isn't known to the compiler. */
function overloads(
  query: string,
  row: string,
  others: readonly (readonly [string, true | readonly string[]])[],
): [query: string, rows: string, mustHave: boolean][] {
  const different = others.map(([parameter, values]): [string, string, boolean] => {
    const type = values === true ? 'string' : values.map((value) => `'${value}'`).join(' | ');
    return [`${query} & { ${parameter}: ${type} }`, 'FlatRow', true];
  });
  const usual = others.map(([parameter, values]) => {
    const type =
      values === true
        ? 'undefined'
        : `Exclude<${query}['${parameter}'], ${values.map((value) => `'${value}'`).join(' | ')}>`;
    return `{ ${parameter}?: ${type} }`;
  });
  return [...different, [[query, ...usual].join(' & '), row, false], [query, `${row} | FlatRow`, false]];
}

function documentation({ method, path, summary, description }: Operation): string {
  const lines = [summary, ...(description === '' ? [] : ['', description]), '', `\`${method} ${path}\``];
  return `/**\n${lines.map((line) => ` * ${line.replaceAll('*/', '*\\/')}`.trimEnd()).join('\n')}\n */\n`;
}
