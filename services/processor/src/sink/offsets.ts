import type { ClickHouse, Query } from '@michinori/clickhouse';
import type { LogRange } from './range.ts';

/** Which offsets of a range a table holds, read on the connection that wrote them. */
export type ReadOffsets = (range: LogRange) => Promise<ReadonlySet<number>>;

/** Makes a {@link ReadOffsets} of one of the queries of `packages/queries/src/sink/present-offsets.ts`. */
export function createReadOffsets(clickhouse: ClickHouse, query: Query<LogRange, { offsets: number[] }>): ReadOffsets {
  return async (range) => {
    const [row] = await clickhouse.queryOnWriter(query, range);
    return new Set(row?.offsets.map((offset) => range.fromOffset + offset));
  };
}
