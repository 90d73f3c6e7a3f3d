import { api } from './datasources.ts';
import type { Language, Text } from './text.ts';

/** What Infinity makes of a column's values. */
export type ColumnType = 'string' | 'number' | 'timestamp' | 'boolean';

export interface InfinityColumn {
  /** Path inside a row. */
  selector: string;
  /** Name of the field in the frame. */
  text: string;
  type: ColumnType;
}

export interface InfinityParameter {
  key: string;
  value: string;
}

/** A query of the Infinity datasource 3.11, backend parser, as it stands in a panel's targets, an annotation or a variable. */
export interface InfinityTarget {
  refId: string;
  datasource: typeof api;
  type: 'json';
  source: 'url';
  parser: 'backend';
  format: 'table' | 'dataframe' | 'timeseries' | 'node-graph-nodes' | 'node-graph-edges';
  url: string;
  url_options: {
    method: 'GET' | 'POST';
    params: InfinityParameter[];
    body_type?: 'raw';
    body_content_type?: 'application/json';
    data?: string;
  };
  root_selector: string;
  columns: InfinityColumn[];
  computed_columns: InfinityColumn[];
  filters: [];
  filterExpression?: string;
}

/** One question to the query API. */
export interface Question {
  /** Below the address of the API; may hold variables of the dashboard. */
  path: string;
  /** Parameters of the address; one whose value becomes empty counts as not given. */
  parameters?: Readonly<Record<string, string | Text>>;
  /** JSON text of a POST; variables in it are written `${name:json}`, with their quotes. Without it the question is a GET. */
  body?: string;
  columns: readonly InfinityColumn[];
  /** `rows` (default), or `meta` for one row made of what an answer says about itself. */
  root?: 'rows' | 'meta';
  format?: InfinityTarget['format'];
  /** Rows that are kept; an expression over the fields' names (govaluate). */
  keep?: string;
  /** Fields made of others: name and expression (govaluate). */
  computed?: Readonly<Record<string, string>>;
}

/** Beginning and end of the dashboard's time range. The plugin fills them in on the server, so alert rules can use them, too. */
export const timeRange = { from: '${__timeFrom:date}', to: '${__timeTo:date}' } as const;

/**
 * A variable whose option "none" or "all" has the value `*` as the value of a parameter: `*` becomes the empty text, which
 * the API takes for "not given" (the plugin's documented use of its macro); any other value stays as it is, commas included.
 */
export const orNothing = (variable: string, prefix = ''): string =>
  `$__combineValues(${prefix},,__comma,\${${variable}:raw})`;

/** Titles in the language of the dashboard. */
export const titles = { language: { en: 'en', ja: 'ja' } } as const;

/** The target that asks a question. */
export function target(refId: string, question: Question, language: Language): InfinityTarget {
  const { path, parameters = {}, body, columns, root = 'rows', format = 'table', keep, computed = {} } = question;
  const params = Object.entries(parameters).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? value : value[language],
  }));
  const sent =
    body === undefined
      ? { method: 'GET' as const, params }
      : {
          method: 'POST' as const,
          params,
          body_type: 'raw' as const,
          body_content_type: 'application/json' as const,
          data: body,
        };
  return {
    refId,
    datasource: api,
    type: 'json',
    source: 'url',
    parser: 'backend',
    format,
    url: path,
    url_options: sent,
    root_selector: root,
    columns: [...columns],
    computed_columns: Object.entries(computed).map(([text, selector]) => ({ selector, text, type: 'string' })),
    filters: [],
    ...(keep === undefined ? {} : { filterExpression: keep }),
  };
}
