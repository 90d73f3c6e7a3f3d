import { defineQuery, flagColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { rangeParams } from './range.ts';

/**
 * Every announcement of the event ids that the records of a range announced, of those ids alone for which more than one
 * content is announced, whose it is, whether the content is marked as superseded, and whether its mark says whose it is. 64-bit hashes as decimal text, times in
 * microseconds; `customerKey` '0': announced by a version that didn't note it. The range's own announcements have to be
 * verified before: an id that isn't announced isn't looked up.
 */
export const conflictingClaims = defineQuery({
  name: 'sink_conflicting_claims',
  sql: `
    SELECT toString(id_hash) AS idHash, toString(content_hash) AS contentHash, toString(customer_key) AS customerKey,
           toFloat64(toUnixTimestamp64Micro(received_at)) AS receivedAtUs,
           log, log_partition AS partition, toFloat64(log_offset) AS offset,
           content_hash GLOBAL IN (SELECT content_hash FROM superseded_events) AS isMarked,
           content_hash GLOBAL IN (SELECT content_hash FROM superseded_events WHERE customer_key != 0) AS isPlaced
    FROM event_ids
    WHERE id_hash IN (
      SELECT id_hash
      FROM event_ids
      WHERE id_hash IN (
        SELECT id_hash
        FROM event_ids
        WHERE log = {log:String} AND log_partition = {partition:UInt32}
          AND log_offset >= {fromOffset:UInt64} AND log_offset < {toOffset:UInt64})
      GROUP BY id_hash
      HAVING min(content_hash) != max(content_hash))`,
  params: rangeParams,
  row: z.object({
    idHash: z.string(),
    contentHash: z.string(),
    customerKey: z.string(),
    receivedAtUs: z.number(),
    log: z.string(),
    partition: z.number(),
    offset: z.number(),
    isMarked: flagColumn,
    isPlaced: flagColumn,
  }),
});

/** Keys (decimal text) of the customers whose events have one of some contents. Reads one column of the whole table. */
export const customersOfContents = defineQuery({
  name: 'sink_customers_of_contents',
  sql: `
    SELECT DISTINCT toString(content_hash) AS contentHash, toString(customer_key) AS customerKey
    FROM events
    WHERE content_hash IN (SELECT arrayJoin({contentHashes:Array(UInt64)}))`,
  params: z.object({ contentHashes: z.array(z.bigint()) }),
  row: z.object({ contentHash: z.string(), customerKey: z.string() }),
});
