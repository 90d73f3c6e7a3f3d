import type { Query, QueryLimits, Statement } from './query.ts';

/** Options of one read. */
export interface QueryOptions {
  /** Replaces single limits of the query for this call. */
  readonly limits?: Partial<QueryLimits>;
  /** Rejects early with `ABORTED_BY_CALLER`. The embedded engine goes on computing, the server stops. */
  readonly signal?: AbortSignal;
}

/** Rows to write; every row has one value per column, in the order of `columns`. */
export interface InsertBatch {
  readonly table: string;
  readonly columns: readonly string[];
  /**
   * Strings, finite numbers, bigints, booleans, null, arrays, Maps and plain objects. A `DateTime64(6)` takes integer
   * microseconds, a `Decimal` takes text.
   */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * The port to ClickHouse. Two adapters, one contract suite (`clickhouseContract` in `@michinori/testing`).
 * Every rejection is a ClickHouseError.
 */
export interface ClickHouse {
  readonly kind: 'embedded' | 'server';
  readonly database: string;
  /** Name of the cluster that tables are created on, if any. */
  readonly cluster: string | null;
  /** Runs a SELECT on a read-only connection and answers its parsed rows. */
  query<P, R>(query: Query<P, R>, params: P, options?: QueryOptions): Promise<R[]>;
  /** Like `query`, but after every write of this object that was started before: a write sees itself. */
  queryOnWriter<P, R>(query: Query<P, R>, params: P, options?: QueryOptions): Promise<R[]>;
  /** Writes rows in one block; resolves when they are durable and visible. No rows is no call. */
  insert(batch: InsertBatch): Promise<void>;
  /** Runs DDL. */
  command(statement: Statement, params?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Runs INSERT … SELECT; the same as `command`, named for the reader. */
  insertSelect(statement: Statement, params?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Creates the database where it is missing. */
  createDatabase(): Promise<void>;
  /** Resolves when the engine answers. */
  ping(): Promise<void>;
  /** Version of the engine, e.g. `26.7.2.1`. */
  version(): Promise<string>;
  /** Waits for running work and lets go of everything. Idempotent. */
  close(): Promise<void>;
}
