import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery } from './bound-query.ts';
import { createParameters } from './parameters.ts';
import { type BucketPlan, bucketSql } from './sql-bucket.ts';

/** Range and bucket length of a trend; microseconds since 1970. */
export interface TrendPlan extends BucketPlan {
  readonly fromUs: number;
  readonly toUs: number;
}

const bucketRow = z.object({ bucketUs: integerColumn });

/** Starts of all buckets of `[from, to)`, in order: from quarter hour to quarter hour, because no zone shifts by less. */
export function trendBuckets(plan: TrendPlan): BoundQuery<z.output<typeof bucketRow>> {
  const parameters = createParameters();
  const from = parameters.bind(plan.fromUs, 'UInt64');
  const last = parameters.bind(plan.toUs - 1, 'UInt64');
  const strideUs = plan.interval === 'hour' ? 900_000_000 : 21_600_000_000;
  const sql = `SELECT DISTINCT ${bucketSql(`least(${from} + number * ${strideUs}, ${last})`, plan, parameters)} AS bucketUs
FROM numbers(2 + intDiv(${last} - ${from}, ${strideUs}))
ORDER BY bucketUs`;
  const query = defineQuery({ name: 'funnel-trend-buckets', sql, params: anyParameters, row: bucketRow });
  return { query, values: parameters.values() };
}
