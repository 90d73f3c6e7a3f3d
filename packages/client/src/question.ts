/** What a cell of a row can hold. */
export type Scalar = string | number | boolean | null;

/** A row whose columns depend on a parameter, e.g. those of `detail: 'curve'`. */
export type FlatRow = { [column: string]: Scalar };

/** Rows, and what holds for all of them. */
export interface Answer<Row, Meta> {
  rows: Row[];
  meta: Meta;
}

/** `meta` of an answer that comes page by page. */
export interface PagedMeta {
  /** For the next page; null on the last one. */
  cursor: string | null;
}

declare const answerTypes: unique symbol;

/**
 * One request as a value: nothing is sent before a client is given it. Made by the functions of `funnels`, `journeys`, and so on.
 *
 * @typeParam Row one row of the answer
 * @typeParam Meta what holds for all rows
 */
export interface Question<Row, Meta> {
  readonly method: string;
  /** With its parameters filled in, e.g. `/v1/journeys/buying/stages`. */
  readonly path: string;
  /** Members of the query string: a list is repeated, what is undefined or null is left out. */
  readonly query?: object | undefined;
  /** Sent as JSON, a text as `textType`. */
  readonly body?: object | string | undefined;
  readonly textType?: string;
  /** Types only; there is nothing at run time. */
  readonly [answerTypes]?: { readonly row: Row; readonly meta: Meta };
}
