import { defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';

/**
 * The first offset from `fromOffset` on that no earlier worker has touched in any of the sink's tables: from there on, no
 * row can be there already (a zombie's apart, which is harmless). `fromOffset` itself if nothing was touched.
 */
export const takeoverHorizon = defineQuery({
  name: 'sink_takeover_horizon',
  sql: `
    SELECT toFloat64(assumeNotNull(max(horizon))) AS horizon
    FROM (
      SELECT maxOrNull(log_offset) + 1 AS horizon FROM events
      WHERE log = {log:String} AND log_partition = {partition:UInt32} AND log_offset >= {fromOffset:UInt64}
      UNION ALL
      SELECT maxOrNull(log_offset) + 1 AS horizon FROM dead_letters
      WHERE log = {log:String} AND log_partition = {partition:UInt32} AND log_offset >= {fromOffset:UInt64}
      UNION ALL
      SELECT maxOrNull(log_offset) + 1 AS horizon FROM event_ids
      WHERE log = {log:String} AND log_partition = {partition:UInt32} AND log_offset >= {fromOffset:UInt64}
      UNION ALL
      SELECT {fromOffset:UInt64} AS horizon
    )`,
  params: z.object({
    log: z.string().min(1),
    partition: z.int().nonnegative(),
    fromOffset: z.int().nonnegative(),
  }),
  row: z.object({ horizon: z.number() }),
});
