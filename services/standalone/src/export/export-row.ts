import type { ParquetColumnToWrite } from '@michinori/clickhouse';

export type ColumnType = ParquetColumnToWrite['type'];
export type ExportColumn = ParquetColumnToWrite;

/** A row of a table: what has a value, by the name of its column. */
export type FlatRow = ReadonlyMap<string, string | number>;

/** An attribute of XES. */
export interface XesAttribute {
  kind: 'string' | 'date' | 'int' | 'float' | 'boolean';
  key: string;
  value: string | number | boolean;
}

/** A trace of XES, or the part of one that a row is: `trace` names it and stands once, `events` follow one another. */
export interface XesPart {
  trace: { id: string; attributes: readonly XesAttribute[] };
  events: readonly (readonly XesAttribute[])[];
}

/** What can be exported: how it is asked for, and what its rows are in each format. `R`: a row of the API. */
export interface Exported<R> {
  /** Of the log in XES. */
  title: string;
  /** Path and parameters of the first page; the others add `cursor`. */
  path: string;
  columns: readonly ExportColumn[];
  flat(row: R): FlatRow;
  json(row: R): string;
  xes(row: R): XesPart;
}
