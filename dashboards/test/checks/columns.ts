import { didYouMean } from '@michinori/runtime';
import { type DashboardFile, infinityType, targetsOf } from '../dashboard-files.ts';
import { type Column, type InfinityQuery, readQuery } from '../infinity/query.ts';
import { NotEmulated } from '../not-emulated.ts';
import { alternatives, findOperation, followSelector, type Operation, type Schema, typesOf } from '../schema.ts';
import type { Problem } from './problem.ts';

/** Routes, parameters, root selectors and columns of every query against openapi.json, with what was meant where something is misspelt. */
export function checkColumns(files: readonly DashboardFile[], operations: readonly Operation[]): Problem[] {
  return files.flatMap((file) =>
    targetsOf(file)
      .filter(({ source }) => source?.type === infinityType)
      .flatMap(({ where, target }) => checkQuery(where, target, operations)),
  );
}

/** One query. */
export function checkQuery(where: string, target: unknown, operations: readonly Operation[]): Problem[] {
  const problem = (message: string): Problem => ({ check: 'columns', where, message });
  let query: InfinityQuery;
  try {
    query = readQuery(target);
  } catch (error) {
    if (error instanceof NotEmulated) return [problem(error.message)];
    throw error;
  }
  const operation = findOperation(operations, query.method, query.url);
  if (operation === undefined) {
    const paths = operations.filter(({ method }) => method === query.method).map(({ path }) => path);
    return [
      problem(
        `the query API has no ${query.method} ${query.url}.${didYouMean(query.url.replace(/\$\{(\w+)[^}]*\}/g, '{$1}'), paths)}`,
      ),
    ];
  }
  const parameters = query.params
    .filter(({ key }) => !operation.parameters.includes(key))
    .map(({ key }) => problem(`${operation.path} takes no parameter ${key}.${didYouMean(key, operation.parameters)}`));
  if (query.parser === 'jq-backend') return [...parameters, problem('reads with jq, which only alert rules do')];
  const root = rowSchema(operation.answer, query.rootSelector);
  if ('missing' in root)
    return [
      ...parameters,
      problem(`nothing is at the root selector ${query.rootSelector}.${didYouMean(root.missing, root.names)}`),
    ];
  const columns = isDescribed(query)
    ? query.columns.flatMap((column) => checkColumn(root.schema, column).map(problem))
    : [];
  return [...parameters, ...columns, ...(query.columns.length === 0 ? [problem('names no columns')] : [])];
}

/** Parameters with which the rows are others than openapi.json describes, and of which paths. */
const otherRows: Readonly<Record<string, RegExp>> = { detail: /./, compareAt: /\/emotion$/ };

/** Whether openapi.json describes the rows. Where it doesn't, only the answer itself can show what they have. */
export const isDescribed = ({ params, url }: Pick<InfinityQuery, 'params' | 'url'>): boolean =>
  params.every(({ key }) => otherRows[key]?.test(url) !== true);

/** The schema of one row below the root selector. */
export function rowSchema(answer: Schema, rootSelector: string): ReturnType<typeof followSelector> {
  const root = followSelector(answer, rootSelector);
  if ('missing' in root) return root;
  const items = alternatives(root.schema).find(({ items: one }) => one !== undefined)?.items;
  return { schema: items ?? root.schema, isNullable: root.isNullable };
}

const fitting: Record<string, string[]> = {
  number: ['number', 'integer'],
  boolean: ['boolean'],
  timestamp: ['string'],
  string: ['string', 'number', 'integer', 'boolean'],
};

function checkColumn(row: Schema, { selector, text, type }: Column): string[] {
  const found = followSelector(row, selector);
  if ('missing' in found)
    return [`the column ${selector} isn't in the answer.${didYouMean(found.missing, found.names)}`];
  const types = typesOf(found.schema).filter((one) => one !== 'null');
  const allowed = fitting[type];
  if (allowed === undefined) return [`the column ${text || selector} has the type ${type}, which isn't used here`];
  return types.some((one) => !allowed.includes(one))
    ? [`the column ${text || selector} is called ${type} and is ${types.join(' or ')}`]
    : [];
}
