import { clientError } from './error.ts';

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Checks a table or column name; throws ClickHouseError `BAD_IDENTIFIER`. */
export function checkIdentifier(name: string): string {
  if (!identifier.test(name)) throw clientError('BAD_IDENTIFIER', `${JSON.stringify(name)} is not an identifier`);
  return name;
}

function encodeValue(value: unknown, column: string, row: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) break;
      return String(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((item) => encodeValue(item, column, row)).join(',')}]`;
      return encodeEntries(value instanceof Map ? [...value] : Object.entries(value), column, row);
  }
  throw clientError('VALUE_NOT_STORABLE', `row ${row}, column ${column}: ${String(value)} has no exact form`);
}

// Written by hand because an object can't hold every key: "__proto__" would be lost, "1" would move to the front.
function encodeEntries(entries: readonly (readonly [unknown, unknown])[], column: string, row: number): string {
  const parts = entries.map(([key, value]) => `${JSON.stringify(String(key))}:${encodeValue(value, column, row)}`);
  return `{${parts.join(',')}}`;
}

/** Rows as JSONCompactEachRow: one JSON array a line. Throws ClickHouseError `VALUE_NOT_STORABLE`, naming row and column. */
export function encodeRows(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  let body = '';
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns.length) {
      throw clientError('VALUE_NOT_STORABLE', `row ${index} has ${row.length} values for ${columns.length} columns`);
    }
    body += '[';
    for (let i = 0; i < row.length; i += 1) {
      if (i > 0) body += ',';
      body += encodeValue(row[i], columns[i] ?? '', index);
    }
    body += ']\n';
  }
  return body;
}
