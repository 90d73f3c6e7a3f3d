type Cell = string | number | boolean | null;

/**
 * Cells as CSV, as the API writes it: RFC 4180 with a heading, an empty cell for null, an apostrophe before what a spreadsheet would take for a
 * formula (OWASP, CSV injection); numbers are left as they are.
 */
export function csvOf(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

/** Rows as CSV, the names of the first one as heading. */
export function csvOfRows(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  return csvOf(
    columns,
    rows.map((row) => columns.map((column) => row[column] ?? null)),
  );
}

function cellOf(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
