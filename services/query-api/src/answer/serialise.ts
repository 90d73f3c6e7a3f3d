import { stringify } from 'csv-stringify/sync';
import type { Format } from './format.ts';

/** One flat row of an answer: what Grafana, a spreadsheet and a person can read. */
export type AnswerRow = Readonly<Record<string, string | number | boolean | null>>;

/** Rows with what there is to say about all of them. */
export interface Answer {
  rows: readonly AnswerRow[];
  /** Column order of CSV, also when there is no row. */
  columns: readonly string[];
  meta: Readonly<Record<string, unknown>>;
}

/**
 * Writes an answer in the format that was asked for.
 *
 * - json: `{ "rows": […], "meta": {…} }`
 * - ndjson: a line per row; `meta` goes into the header `Michinori-Meta`
 * - csv: RFC 4180 with a header line; null is an empty cell; a cell that a spreadsheet would take for a formula
 *   (`= + - @`, tab, return) gets an apostrophe in front (OWASP, CSV injection). Numbers are left as they are.
 */
export function serialise(answer: Answer, format: Format): string {
  if (format === 'json') return JSON.stringify({ rows: answer.rows, meta: answer.meta });
  if (format === 'ndjson') return answer.rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return stringify([...answer.rows], {
    header: true,
    columns: [...answer.columns],
    record_delimiter: '\r\n',
    quoted_match: /[\r\n]/,
    escape_formulas: true,
    cast: { boolean: String, number: (value) => ({ value: String(value), escape_formulas: false }) },
  });
}
