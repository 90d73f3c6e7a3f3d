import { createReadStream } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { readLines } from '../import/read-lines.ts';
import { exportError } from './export-error.ts';
import type { ExportColumn, FlatRow } from './export-row.ts';
import { openTextFile, type TextOutput } from './output.ts';

export const tableColumnsMax = 2_000;

/** Rows on their way into a table whose columns are known only when all have been seen. */
export interface RowSpool {
  add(rows: readonly FlatRow[]): Promise<void>;
  /** Resolves with the columns: the given ones, then the others in order of their names. */
  end(): Promise<readonly ExportColumn[]>;
  close(): Promise<void>;
}

/**
 * Keeps rows in a file, as lines of JSON, and notes their columns.
 *
 * @throws `export_too_many_columns`
 */
export function openRowSpool(path: string, columns: readonly ExportColumn[]): RowSpool {
  const file = openTextFile(path, '');
  const known = new Set(columns.map(({ name }) => name));
  const others = new Set<string>();
  return {
    async add(rows) {
      let text = '';
      for (const row of rows) {
        for (const name of row.keys()) if (!known.has(name)) others.add(name);
        text += `${rowText(row)}\n`;
      }
      if (known.size + others.size > tableColumnsMax) {
        const message = `There are more than ${tableColumnsMax} columns, as the events have so many different properties. Export as ndjson or xes.`;
        throw exportError('export_too_many_columns', message);
      }
      await file.write(text);
    },
    async end() {
      await file.end();
      return [...columns, ...[...others].sort().map((name): ExportColumn => ({ name, type: 'text' }))];
    },
    close: () => file.close(),
  };
}

// Written by hand because an object can't hold every name.
function rowText(row: FlatRow): string {
  return `{${[...row].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

/** Spooled rows as CSV (RFC 4180): a header, an empty cell where there is no value, text as it is. */
export async function writeCsv(spool: string, columns: readonly ExportColumn[], output: TextOutput): Promise<void> {
  const names = columns.map(({ name }) => name);
  await output.write(csvText([names]));
  for await (const lines of readLines(createReadStream(spool, { highWaterMark: 256 * 1024 }))) {
    const rows = lines.map(({ text = '{}' }) => {
      const row = new Map(Object.entries(JSON.parse(text) as Record<string, string | number>));
      return names.map((name) => row.get(name) ?? '');
    });
    await output.write(csvText(rows));
  }
}

function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(rows as (string | number)[][], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}
