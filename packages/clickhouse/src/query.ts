import type { z } from 'zod';
import { type Placeholder, scanPlaceholders } from './placeholders.ts';

/** Bounds of one query. All are inclusive upper bounds; exceeding one is a ClickHouseError of kind `limit`. */
export interface QueryLimits {
  /** Wall-clock time of the execution, milliseconds. */
  readonly timeMsMax: number;
  /** Memory of the query, bytes. */
  readonly memoryBytesMax: number;
  /** Rows read from tables. */
  readonly rowsReadMax: number;
  /** Rows of the answer. */
  readonly resultRowsMax: number;
}

/** What a query gets when it names no limits of its own. */
export const defaultQueryLimits: QueryLimits = {
  timeMsMax: 30_000,
  memoryBytesMax: 4 * 1024 ** 3,
  rowsReadMax: 20_000_000_000,
  resultRowsMax: 1_000_000,
};

/** Engine settings that a query may need, e.g. `{ join_use_nulls: 1 }`. Part of the query, never of a call. */
export type QuerySettings = Readonly<Record<string, string | number>>;

/** An analytical SELECT as a value: text with `{name:Type}` placeholders, and the shapes of what goes in and comes out. */
export interface Query<P, R> {
  readonly name: string;
  /** One SELECT without FORMAT; values only through `{name:Type}`. */
  readonly sql: string;
  readonly params: z.ZodType<P>;
  readonly row: z.ZodType<R>;
  readonly limits?: Partial<QueryLimits>;
  readonly settings?: QuerySettings;
  /** The placeholders of `sql` in order of first appearance; filled in by {@link defineQuery}. */
  readonly placeholders: readonly Placeholder[];
}

/** A DDL statement or INSERT … SELECT as a value. Settings it needs stand in its own SETTINGS clause. */
export interface Statement {
  readonly name: string;
  readonly sql: string;
  readonly placeholders: readonly Placeholder[];
  /**
   * Of an INSERT … SELECT: every row that it writes follows from rows of the same shard alone and belongs on that shard, so that on a cluster
   * each shard can do its part by itself.
   */
  readonly isShardLocal?: boolean;
}

/**
 * Makes a {@link Query}. Throws at definition when a placeholder is malformed or carries two types, so that a broken
 * query fails when its module is loaded by a test and not when a customer asks.
 */
export function defineQuery<P, R>(query: Omit<Query<P, R>, 'placeholders'>): Query<P, R> {
  return { ...query, placeholders: scanPlaceholders(query.name, query.sql) };
}

/** Makes a {@link Statement}; the same checks as {@link defineQuery}. */
export function defineStatement(statement: Omit<Statement, 'placeholders'>): Statement {
  return { ...statement, placeholders: scanPlaceholders(statement.name, statement.sql) };
}
