import { displayWidth, fitColumns } from './columns.ts';

/** Lines up rows of text in columns under a heading, two spaces apart. Numbers are set to the right. */
export function drawTable(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const text = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, index) => Math.max(...text.map((row) => displayWidth(row[index] ?? ''))));
  const numeric = columns.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number'));
  return text
    .map((row) =>
      row
        .map((cell, index) => {
          const width = widths[index] ?? 0;
          return numeric[index] ? cell.padStart(width) : fitColumns(cell, width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
