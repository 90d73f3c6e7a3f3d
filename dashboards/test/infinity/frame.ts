import { NotEmulated } from '../not-emulated.ts';
import { nothing, readPath } from './gjson.ts';
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
export function makeFrame(answer: unknown, query: Pick<InfinityQuery, 'refId' | 'rootSelector' | 'columns'>): Frame {
  const root = readPath(answer, query.rootSelector);
  if (root === nothing)
    throw new Error(`error converting json data to frame: invalid root selector ${query.rootSelector}`);
  if (query.columns.length === 0) throw new NotEmulated('a query without columns');
  if (typeof root !== 'object' || root === null)
    throw new NotEmulated(`a root that is neither list nor object: ${query.rootSelector}`);
  const items = Array.isArray(root) ? root : [root];
  const name = query.refId || 'response';
  if (items.length === 0) return { name, fields: [], rows: 0 };
  const byName = new Map(query.columns.map((column) => [column.text || column.selector, column]));
  const fields = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([text, column]) => {
      const raw = items.map((item) => {
        const found = readPath(item, column.selector);
        return found === nothing ? null : found;
      });
      const twins = query.columns.filter((one) => (one.text || one.selector) === text).length;
      return Array.from({ length: twins }, () => makeField(text, column, raw));
    });
  return { name, fields, rows: items.length };
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
