/** The parts of a JSON schema that the document of the query API uses. Another keyword is an error, so that none is overlooked. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface Content {
  readonly [type: string]: { readonly schema?: Schema };
}

interface RawOperation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
}

/** One question: what goes in and what comes out. */
export interface Operation {
  readonly method: string;
  /** `/v1/journeys/{journey}/stages` */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly pathParameters: readonly string[];
  /** The query string as an object, without `format`, which the client chooses; null where there is nothing to give. */
  readonly query: Schema | null;
  readonly body: Schema | null;
  /** Media type of a body that is a text, e.g. `text/yaml`. */
  readonly textType: string | null;
  readonly row: Schema;
  readonly meta: Schema;
}

/** Reads the operations in the order of the document. @throws Error where an answer is not `{rows, meta}` */
export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, raw]) => readOperation(method.toUpperCase(), path, raw)),
  );
}

function readOperation(method: string, path: string, raw: RawOperation): Operation {
  const parameters = raw.parameters ?? [];
  const content = raw.requestBody?.content ?? {};
  const { rows, meta } = answerOf(raw)?.properties ?? {};
  if (rows?.items === undefined || meta === undefined)
    throw new Error(`${method} ${path} does not answer with rows and meta`);
  return {
    method,
    path,
    summary: raw.summary ?? '',
    description: raw.description ?? '',
    pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
    query: querySchema(parameters.filter((parameter) => parameter.in === 'query' && parameter.name !== 'format')),
    body: content['application/json']?.schema ?? null,
    textType: Object.keys(content).find((type) => type !== 'application/json') ?? null,
    row: rows.items,
    meta,
  };
}

function answerOf({ responses }: RawOperation): Schema | undefined {
  const status = Object.keys(responses).find((code) => code.startsWith('2'));
  return responses[status ?? '']?.content?.['application/json']?.schema;
}

function querySchema(parameters: readonly Parameter[]): Schema | null {
  if (parameters.length === 0) return null;
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(({ name, description, schema }) => [name, { ...schema, ...(description && { description }) }]),
    ),
    required: parameters.filter(({ required }) => required === true).map(({ name }) => name),
    additionalProperties: false,
  };
}
