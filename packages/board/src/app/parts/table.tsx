import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** Numbers stand to the right, digits below digits. */
  isNumber?: boolean;
  /** Stays on one line: names, times. */
  isTight?: boolean;
}

interface TableProps<Row> {
  caption: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
}

/** A table with a heading for every row (its first column). Wide ones scroll by themselves, so they can be reached by keyboard (WCAG 2.1.1). */
export function Table<Row>({ caption, rows, columns }: TableProps<Row>) {
  const [head, ...rest] = columns;
  if (head === undefined) return null;
  return (
    <div class="table-scroll" role="group" tabIndex={0} aria-label={caption}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'number' : ''}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <th scope="row" class={head.isTight ? 'tight' : ''}>
                {head.cell(row)}
              </th>
              {rest.map(({ title, cell, isNumber, isTight }) => (
                <td key={title} class={isNumber ? 'number' : isTight ? 'tight' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
