import { NotEmulated } from '../not-emulated.ts';
import { nothing, readPath } from './gjson.ts';
import { runJq } from './jq.ts';
import { parseTime } from './parse-time.ts';
import type { Column, InfinityQuery } from './query.ts';

export type FieldType = 'string' | 'number' | 'boolean' | 'time';
/** Times in ms since the epoch. */
export type Cell = string | number | boolean | null;

export interface Field {
  name: string;
  type: FieldType;
  labels?: Record<string, string>;
  values: Cell[];
}

/** A table by columns, as Grafana passes them on. */
export interface Frame {
  name: string;
  fields: Field[];
  rows: number;
}

/**
 * The frame that the backend parser makes of an answer (infinity-libs jsonframer 1.3.0 and gframer 1.1.13): root selector, then one field per column that is
 * named, in the order of the fields' names. A value that doesn't fit the column's type becomes null.
 *
 * @throws Error where Infinity answers with an error: a root selector that finds nothing
 */
export function makeFrame(
  answer: unknown,
  query: Pick<InfinityQuery, 'refId' | 'rootSelector' | 'columns' | 'parser'>,
): Frame {
  const name = query.refId || 'response';
  const items = rowsAt(answer, query);
  if (items.length === 0) return { name, fields: [], rows: 0 };
  const columns = query.columns.length > 0 ? query.columns : guessColumns(items);
  const fields = [...new Map(columns.map((column) => [column.text || column.selector, column]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([text, column]) => {
      const raw = items.map((item) => {
        const found = readPath(item, column.selector);
        return found === nothing ? null : found;
      });
      const twins = columns.filter((one) => (one.text || one.selector) === text).length;
      return Array.from({ length: twins }, () => makeField(text, column, raw));
    });
  return { name, fields, rows: items.length };
}

/** What the root selector finds, as rows: by gjson's syntax, or jq's where the parser says so. */
export function rowsAt(
  answer: unknown,
  { rootSelector, parser }: Pick<InfinityQuery, 'rootSelector' | 'parser'>,
): unknown[] {
  if (parser === 'jq-backend') return runJq(rootSelector || '.', answer);
  const root = readPath(answer, rootSelector);
  if (root === nothing) throw new Error(`error converting json data to frame: invalid root selector ${rootSelector}`);
  if (typeof root !== 'object' || root === null)
    throw new NotEmulated(`a root that is neither list nor object: ${rootSelector}`);
  return Array.isArray(root) ? root : [root];
}

/** Without columns every member of a row is one, of the type of its first value. */
function guessColumns(items: readonly unknown[]): Column[] {
  const names = [...new Set(items.flatMap((item) => Object.keys(item ?? {})))];
  return names.map((name) => {
    const first = items
      .map((item) => (item as Record<string, unknown>)[name])
      .find((value) => value !== null && value !== undefined);
    const type = typeof first === 'number' || typeof first === 'boolean' ? typeof first : 'string';
    return { selector: name.replace(/[.*?|#@!{}[\]()\\]/g, '\\$&'), text: name, type };
  });
}

function makeField(name: string, column: Column, raw: readonly unknown[]): Field {
  const first = raw.find((value) => value !== null);
  // Lists and objects become JSON text whatever the column says.
  if (typeof first === 'object') return { name, type: 'string', values: raw.map((value) => JSON.stringify(value)) };
  switch (column.type) {
    case 'string':
      return { name, type: 'string', values: raw.map((value) => (isScalar(value) ? String(value) : null)) };
    case 'number':
      return { name, type: 'number', values: raw.map(toNumber) };
    case 'boolean':
      return { name, type: 'boolean', values: raw.map(toBoolean) };
    case 'timestamp':
      return { name, type: 'time', values: raw.map((value) => toTime(value, column.timestampFormat)) };
    case 'timestamp_epoch':
      return { name, type: 'time', values: raw.map((value) => toEpoch(value, 1)) };
    case 'timestamp_epoch_s':
      return { name, type: 'time', values: raw.map((value) => toEpoch(value, 1_000)) };
    default:
      throw new NotEmulated(`the type ${JSON.stringify(column.type)} of column ${name}`);
  }
}

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

function toNumber(value: unknown): Cell {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : null;
}

function toBoolean(value: unknown): Cell {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' && value.toLowerCase() === 'true' ? true : null;
}

function toTime(value: unknown, format = ''): Cell {
  if (format !== '' && format !== 'auto') throw new NotEmulated(`the time format ${format}`);
  if (typeof value === 'number') throw new NotEmulated('a number in a column of the type timestamp');
  return typeof value === 'string' && value !== '' ? parseTime(value) : null;
}

function toEpoch(value: unknown, factor: number): Cell {
  if (typeof value === 'number') return Math.trunc(value) * factor;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) * factor : null;
}
