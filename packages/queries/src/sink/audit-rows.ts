import { defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';
import { rangeParams } from './range.ts';

/** Offset (relative to `fromOffset`) and content of every row of a range in `events`, as parallel arrays; one row. */
export const auditEventRows = defineQuery({
  name: 'audit_event_rows',
  sql: `
    SELECT groupArray(toUInt32(log_offset - {fromOffset:UInt64})) AS offsets, groupArray(toString(content_hash)) AS contentHashes
    FROM events
    WHERE log = {log:String} AND log_partition = {partition:UInt32}
      AND log_offset >= {fromOffset:UInt64} AND log_offset < {toOffset:UInt64}`,
  params: rangeParams,
  row: z.object({ offsets: z.array(z.number()), contentHashes: z.array(z.string()) }),
});

/** Every place that rows come from, with the number of rows and the highest offset there. */
export const auditSources = defineQuery({
  name: 'audit_sources',
  sql: `
    SELECT log, partition, toFloat64(sum(source_rows)) AS rows, toFloat64(max(source_last)) AS lastOffset
    FROM (
      SELECT log, log_partition AS partition, count() AS source_rows, max(log_offset) AS source_last FROM events GROUP BY log, partition
      UNION ALL
      SELECT log, log_partition AS partition, count() AS source_rows, max(log_offset) AS source_last FROM dead_letters GROUP BY log, partition
    )
    GROUP BY log, partition
    ORDER BY log, partition`,
  params: z.object({}),
  row: z.object({ log: z.string(), partition: z.number(), rows: z.number(), lastOffset: z.number() }),
});

/** How many rows of events and dead letters claim a place from `fromOffset` on. */
export const auditRowsBeyond = defineQuery({
  name: 'audit_rows_beyond',
  sql: `
    SELECT toFloat64(sum(found)) AS rows
    FROM (
      SELECT count() AS found FROM events
      WHERE log = {log:String} AND log_partition = {partition:UInt32} AND log_offset >= {fromOffset:UInt64}
      UNION ALL
      SELECT count() AS found FROM dead_letters
      WHERE log = {log:String} AND log_partition = {partition:UInt32} AND log_offset >= {fromOffset:UInt64}
    )`,
  params: z.object({ log: z.string().min(1), partition: z.int().nonnegative(), fromOffset: z.int().nonnegative() }),
  row: z.object({ rows: z.number() }),
});

/**
 * Customer keys between two bounds (both inclusive) that more than one customer has: a hash collision, by
 * which the timelines of strangers would be mixed.
 */
export const auditSharedCustomerKeys = defineQuery({
  name: 'audit_shared_customer_keys',
  sql: `
    SELECT toString(customer_key) AS customerKey, groupUniqArray(10)(if(customer != '', customer, concat('\\0', anonymous))) AS customers
    FROM events
    WHERE customer_key >= {fromKey:UInt64} AND customer_key <= {toKey:UInt64}
    GROUP BY customer_key
    HAVING min(if(customer != '', customer, concat('\\0', anonymous))) != max(if(customer != '', customer, concat('\\0', anonymous)))
    LIMIT 100`,
  settings: { optimize_aggregation_in_order: 1 },
  params: z.object({ fromKey: z.bigint(), toKey: z.bigint() }),
  row: z.object({ customerKey: z.string(), customers: z.array(z.string()) }),
});
