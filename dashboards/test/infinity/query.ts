import { NotEmulated } from '../not-emulated.ts';

export interface KeyValue {
  key: string;
  value: string;
}

export interface Column {
  selector: string;
  text: string;
  type: string;
  timestampFormat?: string;
}

/** A query of Infinity with everything that is emulated of it, as `url` / `json` / `backend` or `jq-backend`. */
export interface InfinityQuery {
  refId: string;
  url: string;
  method: 'GET' | 'POST';
  params: KeyValue[];
  headers: KeyValue[];
  body: string;
  bodyType: string;
  bodyContentType: string;
  rootSelector: string;
  columns: Column[];
  computedColumns: Column[];
  filterExpression: string;
  parser: 'backend' | 'jq-backend';
  format: 'table' | 'dataframe' | 'timeseries' | 'node-graph-nodes' | 'node-graph-edges';
}

const known = new Set(
  [
    'refId datasource type source parser format url url_options root_selector columns computed_columns filters',
    'intervalMs maxDataPoints filterExpression hide queryType key uql groq global_query_id data csv_options json_options pagination_mode',
  ]
    .join(' ')
    .split(' '),
);
const knownOptions = new Set('method params headers data body_type body_content_type body_form'.split(' '));
const formats = ['table', 'dataframe', 'timeseries', 'node-graph-nodes', 'node-graph-edges'];
/** Settings that have to be empty, because nothing here would look at them. */
const empty = ['uql', 'groq', 'global_query_id', 'data', 'filters', 'body_form', 'pagination_mode'];

type Fields = Record<string, unknown>;

/** Reads a target of a panel, a variable, an annotation or an alert rule. @throws NotEmulated where it asks for more than is emulated */
export function readQuery(target: unknown): InfinityQuery {
  const fields = record(target, 'a target');
  const options = record(fields.url_options ?? {}, 'url_options');
  for (const name of Object.keys(fields)) if (!known.has(name)) throw new NotEmulated(`the setting ${name} of a query`);
  for (const name of Object.keys(options)) if (!knownOptions.has(name)) throw new NotEmulated(`url_options.${name}`);
  for (const [name, value] of [...Object.entries(fields), ...Object.entries(options)]) {
    const isEmpty =
      value === '' || value === undefined || value === 'none' || (Array.isArray(value) && value.length === 0);
    if (empty.includes(name) && !isEmpty && value !== options.data) throw new NotEmulated(`${name} of a query`);
  }
  for (const [name, wanted] of [
    ['type', 'json'],
    ['source', 'url'],
  ] as const) {
    if (fields[name] !== wanted) throw new NotEmulated(`a query with ${name} ${JSON.stringify(fields[name])}`);
  }
  const { parser } = fields;
  if (parser !== 'backend' && parser !== 'jq-backend')
    throw new NotEmulated(`a query with the parser ${JSON.stringify(parser)}`);
  const format = textOf(fields.format, 'table');
  if (!formats.includes(format)) throw new NotEmulated(`the format ${format}`);
  const method = textOf(options.method, 'GET').toUpperCase();
  if (method !== 'GET' && method !== 'POST') throw new NotEmulated(`the method ${method}`);
  const bodyType = textOf(options.body_type, 'raw');
  if (bodyType !== 'raw') throw new NotEmulated(`the body type ${bodyType}`);
  return {
    refId: textOf(fields.refId, ''),
    url: textOf(fields.url, ''),
    method,
    params: listOf(options.params),
    headers: listOf(options.headers),
    body: textOf(options.data, ''),
    bodyType,
    bodyContentType: textOf(options.body_content_type, 'text/plain'),
    rootSelector: textOf(fields.root_selector, ''),
    columns: listOf(fields.columns),
    computedColumns: listOf(fields.computed_columns),
    filterExpression: textOf(fields.filterExpression, ''),
    parser,
    format: format as InfinityQuery['format'],
  };
}

/** Changes every text of a query that Grafana's page interpolates (src/interpolate.ts of the plugin): columns are none of them. */
export function mapQuery(query: InfinityQuery, change: (text: string) => string): InfinityQuery {
  const values = (list: KeyValue[]) => list.map(({ key, value }) => ({ key, value: change(value) }));
  return {
    ...query,
    url: change(query.url),
    body: change(query.body),
    bodyContentType: change(query.bodyContentType),
    params: values(query.params),
    headers: values(query.headers),
    rootSelector: change(query.rootSelector),
    computedColumns: query.computedColumns.map((column) => ({ ...column, selector: change(column.selector) })),
    filterExpression: change(query.filterExpression),
  };
}

function record(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} isn't an object`);
  return value as Fields;
}

const textOf = (value: unknown, otherwise: string): string =>
  value === undefined || value === '' ? otherwise : String(value);

function listOf<T>(value: unknown): T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} isn't a list`);
  return value as T[];
}
