import type { ParameterValue } from './parameters.ts';

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A string as a single-quoted SQL literal. Only for handing bound parameters and settings to an engine. */
export function quoteText(text: string): string {
  return `'${text.replace(/[\\'\0\b\f\n\r\t]/g, (c) => escapes[c] ?? c)}'`;
}

/** A parameter as ClickHouse reads it: tab-separated escaping outside, SQL literals inside arrays, tuples and maps. */
export function parameterText(value: ParameterValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return value.replace(/[\\\0\b\f\n\r\t]/g, (c) => escapes[c] ?? c);
  return literal(value);
}

/** A parameter as the text that `CAST(…, 'Type')` reads. */
export function castText(value: ParameterValue): string {
  return typeof value === 'string' ? value : literal(value);
}

function literal(value: ParameterValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'boolean') return String(value);
  if ('digits' in value) return value.digits;
  if ('entries' in value) return `{${value.entries.map(([k, v]) => `${literal(k)}:${literal(v)}`).join(',')}}`;
  const items = value.items.map(literal).join(',');
  return value.tuple ? `(${items})` : `[${items}]`;
}
