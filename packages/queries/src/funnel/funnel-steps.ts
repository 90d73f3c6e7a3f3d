import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery, funnelSettings } from './bound-query.ts';
import { createParameters, type Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { chosenAttempts } from './sql-chosen.ts';

/** Most segments beyond `limit` that are named in the answer. */
export const otherSegmentsMax = 1000;

const counts = z.array(integerColumn);
const quantiles = z.array(z.array(z.number().nullable()));

/** One segment and bucket; arrays have an item per step. Rows with `shown` 0 only name a segment beyond the limit. */
export const funnelStepsRow = z.object({
  segment: z.string(),
  bucketUs: integerColumn,
  customers: counts,
  open: counts,
  dropped: counts,
  secondsMean: z.array(z.number().nullable()),
  secondsQuantiles: quantiles,
  segmentCustomers: integerColumn,
  segmentCount: integerColumn,
  bucketCustomers: counts,
  shown: z.union([z.literal(0), z.literal(1)]),
});
export type FunnelStepsRow = z.output<typeof funnelStepsRow>;

/** Counts and times per segment, bucket and step; the largest segments first. */
export function funnelSteps(plan: Plan): BoundQuery<FunnelStepsRow> {
  const parameters = createParameters();
  const cells = cellsSql(plan, parameters);
  const sql =
    plan.breakdown === null
      ? `SELECT *, toUInt64(0) AS segmentCustomers, toUInt64(1) AS segmentCount, customers AS bucketCustomers, toUInt8(1) AS shown
FROM (\n${cells}\n)\nORDER BY bucketUs`
      : rankedSql(cells, parameters.bind(plan.breakdown.limit, 'UInt32'));
  const query = defineQuery({
    name: 'funnel-steps',
    sql,
    params: anyParameters,
    row: funnelStepsRow,
    settings: funnelSettings,
  });
  return { query, values: parameters.values() };
}

// Times are added up as whole microseconds: the same digits in whatever order the rows come.
// Few columns per layer: ClickHouse analyses every reference to a column in time that grows with the subquery behind it.
function cellsSql(plan: Plan, parameters: Parameters): string {
  const steps = `[${plan.steps.map((_, i) => i + 1).join(', ')}]`;
  return `SELECT segment, bucket AS bucketUs, sumForEach(reached) AS customers,
  sumForEach(arrayMap(i -> toUInt64(i = open_at), ${steps})) AS open, sumForEach(arrayMap(i -> toUInt64(i = lost_at), ${steps})) AS dropped,
  arrayMap((total, n) -> if(n = 0, NULL, toFloat64(total) / n / 1000000), sumForEach(us), countForEach(us)) AS secondsMean,
  quantilesExactInclusiveForEach(0.5, 0.9)(arrayMap(one -> one / 1000000, us)) AS secondsQuantiles
FROM (
SELECT segment, bucket, arrayMap(t -> toUInt64(t != 0), times) AS reached,
  arrayMap((t, before) -> if(t = 0 OR before = 0, NULL, toInt128(t - before)), times, arrayShiftRight(arrayFill(t -> t != 0, times), 1)) AS us,
  if(is_open, furthest, 0) AS open_at, if(NOT is_open AND furthest < ${plan.lastRequired}, furthest, 0) AS lost_at
FROM (
${chosenAttempts(plan, parameters)}
)
)
GROUP BY segment, bucket`;
}

function rankedSql(cells: string, limit: string): string {
  return `SELECT segment, bucketUs, customers, open, dropped, secondsMean, secondsQuantiles, segmentCustomers, bucketCustomers,
  segmentCount, toUInt8(segment_rank <= ${limit}) AS shown
FROM (
SELECT *, max(segment_rank) OVER () AS segmentCount
FROM (
SELECT *, dense_rank() OVER (ORDER BY segmentCustomers DESC, segment) AS segment_rank, row_number() OVER (PARTITION BY segment ORDER BY bucketUs) AS nth_bucket
FROM (
SELECT *, sum(customers[1]) OVER (PARTITION BY segment) AS segmentCustomers, sumForEach(customers) OVER (PARTITION BY bucketUs) AS bucketCustomers
FROM (
${cells}
)
)
)
)
WHERE segment_rank <= ${limit} OR (segment_rank <= ${limit} + ${otherSegmentsMax} AND nth_bucket = 1)
ORDER BY segment_rank, bucketUs`;
}
