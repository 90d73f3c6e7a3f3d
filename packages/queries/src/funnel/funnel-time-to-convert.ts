import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery, funnelSettings } from './bound-query.ts';
import { createParameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { chosenAttempts } from './sql-chosen.ts';

/** What is measured: two steps, from 1, and the number of bins, null for the default. */
export interface TimeToConvert {
  readonly fromStep: number;
  readonly toStep: number;
  readonly bins: number | null;
  readonly segment: string | null;
}

export const timeToConvertRow = z.object({
  customers: integerColumn,
  mean: z.number().nullable(),
  quantiles: z.array(z.number().nullable()),
  low: z.number().nullable(),
  high: z.number().nullable(),
  binCount: integerColumn,
  counts: z.array(integerColumn),
});
export type TimeToConvertRow = z.output<typeof timeToConvertRow>;

/**
 * Distribution of the seconds between two steps, as one row: summary, bounds and the count of every bin. The mean is a sum of whole
 * microseconds, so that it has the same digits in whatever order the rows come.
 */
export function funnelTimeToConvert(plan: Plan, asked: TimeToConvert): BoundQuery<TimeToConvertRow> {
  const parameters = createParameters();
  const chosen = chosenAttempts(plan, parameters);
  const given = parameters.bind(asked.bins ?? 0, 'UInt32');
  const matched = `times[${asked.fromStep}] != 0 AND times[${asked.toStep}] != 0`;
  const segment = asked.segment === null ? '' : ` AND segment = ${parameters.bind(asked.segment, 'String')}`;
  const bins = `if(low = high, 1, if(${given} > 0, ${given}, least(60, greatest(1, toUInt32(ceil(cbrt(customers)))))))`;
  const bin = 'if(binCount = 1, 1, least(binCount, 1 + toUInt32(floor((s - low) / ((high - low) / binCount)))))';
  const sql = `SELECT customers, mean, quantiles, low, high, binCount,
  if(customers = 0, [], arrayMap(b -> countEqual(placed, b), range(1, toUInt32(binCount) + 1))) AS counts
FROM (
SELECT *, toUInt32(${bins}) AS binCount, arrayMap(s -> toUInt32(${bin}), seconds) AS placed
FROM (
SELECT count() AS customers, if(customers = 0, NULL, toFloat64(sum(toInt128(us))) / customers / 1000000) AS mean, quantilesExactInclusive(0.5, 0.9)(seconds_of) AS quantiles,
  min(seconds_of) AS low, max(seconds_of) AS high, groupArray(seconds_of) AS seconds
FROM (
SELECT times[${asked.toStep}] - times[${asked.fromStep}] AS us, us / 1000000 AS seconds_of
FROM (
${chosen}
)
WHERE ${matched}${segment}
)
)
)`;
  const query = defineQuery({
    name: 'funnel-time-to-convert',
    sql,
    params: anyParameters,
    row: timeToConvertRow,
    settings: funnelSettings,
  });
  return { query, values: parameters.values() };
}
