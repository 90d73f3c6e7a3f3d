import type { SourceRow } from './mapping.ts';

/** Where something stands in a file, each from 1: a line of CSV and NDJSON, a row of Parquet, an event of a trace of XES with its line. */
export interface Place {
  line?: number;
  row?: number;
  trace?: number;
  event?: number;
}

/**
 * What a file consists of: the header of a CSV, what columns a Parquet file has, rows, and rows that can't be read. `line` numbers the
 * rows of a file, by the first line of each where it has lines; `place` is where to look where that isn't the line.
 */
export type SourceItem =
  | { kind: 'header'; columns: string[] }
  /** Columns of records to come; below those of `open` there may be more, with dots. */
  | { kind: 'columns'; columns: readonly string[]; open: readonly string[] }
  | { kind: 'cells'; line: number; cells: readonly string[]; raw: string; place?: undefined }
  | { kind: 'json'; line: number; raw: string; place?: undefined }
  /** A row whose columns have names of their own. */
  | { kind: 'record'; line: number; place: Place; row: SourceRow; raw: string }
  | { kind: 'unreadable'; line: number; place?: Place; code: UnreadableCode; message: string; raw: string };

export type UnreadableCode =
  | 'unreadable_row'
  | 'wrong_column_count'
  | 'line_too_long'
  | 'invalid_utf8'
  | 'invalid_json'
  | 'conflicting_names';

/** Lines in, items out. The items depend on the lines alone, not on how they were cut into chunks. */
export interface ItemAssembler<Line> {
  push(lines: readonly Line[]): SourceItem[];
  end(): SourceItem[];
}

/** A place in words: `line 5`, `row 17`, `trace 3, event 5 (line 120)`. */
export function placeWords({ line, row, trace, event }: Place): string {
  if (row !== undefined) return `row ${row}`;
  const inTrace = [trace === undefined ? '' : `trace ${trace}`, event === undefined ? '' : `event ${event}`];
  const words = inTrace.filter((word) => word !== '').join(', ');
  if (words === '') return `line ${line}`;
  return line === undefined ? words : `${words} (line ${line})`;
}
