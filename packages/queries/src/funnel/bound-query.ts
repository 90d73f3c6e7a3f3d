import type { ClickHouse, Query, QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import type { ParameterValue } from './parameters.ts';

/** Values of a query whose text was compiled together with them. */
export type BoundValues = Readonly<Record<string, ParameterValue>>;

/** A query and the values that belong to its placeholders. */
export interface BoundQuery<R> {
  readonly query: Query<BoundValues, R>;
  readonly values: BoundValues;
}

/** Row schema of the parameters of a compiled query; their types stand in the placeholders. */
export const anyParameters: z.ZodType<BoundValues> = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.bigint(), z.array(z.string()), z.array(z.number()), z.array(z.bigint())]),
);

/**
 * Floats are read exactly, so that a comparison with a filter's number never depends on the last digit. A map's value and its
 * presence are read together: apart, as subcolumns, they cost a third more. Events and people are joined without scattering the events over
 * threads by key, which copies every column.
 */
export const funnelSettings = {
  precise_float_parsing: 1,
  optimize_functions_to_subcolumns: 0,
  join_algorithm: 'hash',
} as const;

/** Runs a compiled query. */
export function runBound<R>(clickhouse: ClickHouse, bound: BoundQuery<R>, options?: QueryOptions): Promise<R[]> {
  return clickhouse.query(bound.query, bound.values, options);
}
