import type { ClickHouse, Query, QueryOptions } from '@michinori/clickhouse';

/** `onWriter`: after every write that this process started before. */
export interface RegistryOptions extends QueryOptions {
  readonly onWriter?: boolean;
}

/** Runs a query on the connection that the options name. */
export function readFrom<P, R>(
  clickhouse: ClickHouse,
  query: Query<P, R>,
  params: P,
  { onWriter = false, ...options }: RegistryOptions = {},
): Promise<R[]> {
  return onWriter ? clickhouse.queryOnWriter(query, params, options) : clickhouse.query(query, params, options);
}
