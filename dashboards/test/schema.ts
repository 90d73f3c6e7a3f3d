import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As much of a JSON schema as openapi.json uses. */
export interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: boolean | Schema;
}

export interface Operation {
  method: string;
  path: string;
  /** Names of the parameters of the address. */
  parameters: string[];
  /** Of the answer with 200. */
  answer: Schema;
}

interface OpenApi {
  paths: Record<
    string,
    Record<
      string,
      {
        parameters?: { name: string; in: string }[];
        responses: Record<string, { content?: { 'application/json'?: { schema: Schema } } }>;
      }
    >
  >;
}

const file = join(import.meta.dirname, '../../services/query-api/openapi.json');

/** Every question that the committed openapi.json of the query API describes. */
export function readOperations(): Operation[] {
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as OpenApi;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], responses }]) => ({
      method: method.toUpperCase(),
      path,
      parameters: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      answer: responses['200']?.content?.['application/json']?.schema ?? {},
    })),
  );
}

/** The operation of a path in which variables stand for parts: `/v1/journeys/${journey}/stages`. */
export function findOperation(
  operations: readonly Operation[],
  method: string,
  address: string,
): Operation | undefined {
  const parts = (address.split('?')[0] ?? '').split('/');
  return operations.find(({ method: own, path }) => {
    const wanted = path.split('/');
    return (
      own === method &&
      wanted.length === parts.length &&
      wanted.every((part, index) => part === parts[index] || (part.startsWith('{') && isVariable(parts[index] ?? '')))
    );
  });
}

const isVariable = (part: string): boolean => /^\$\w+$|^\$\{\w+(:\w+)?\}$|^[\w-]+$/.test(part);

/** The schemas that a schema may be: alternatives without null. */
export function alternatives(schema: Schema): Schema[] {
  const all = schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(alternatives);
  return all.filter(({ type }) => type !== 'null');
}

/** Types of a schema, `null` among them where it may be null. */
export function typesOf(schema: Schema): string[] {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.flatMap(typesOf))];
  return [schema.type ?? 'any'].flat();
}

export type Found = { schema: Schema; isNullable: boolean } | { missing: string; names: string[] };

/** What a selector finds in an answer of a schema; else the name that isn't there, and those that are. */
export function followSelector(root: Schema, selector: string): Found {
  let schema = root;
  let isNullable = false;
  for (const part of selector === '' || selector === '@this' ? [] : selector.split(/(?<!\\)\./)) {
    const name = part.replace(/\\(.)/g, '$1');
    const options = alternatives(schema);
    const next = options.map((one) =>
      /^(\d+|#)$/.test(name) && one.items !== undefined ? one.items : one.properties?.[name],
    );
    const found = next.find((one) => one !== undefined);
    if (found === undefined)
      return { missing: name, names: options.flatMap(({ properties = {} }) => Object.keys(properties)) };
    schema = found;
    isNullable ||= typesOf(found).includes('null');
  }
  return { schema, isNullable };
}
