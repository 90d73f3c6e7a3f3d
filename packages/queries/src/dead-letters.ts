import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  isoFromMicroseconds,
  microsecondsColumn,
  type QueryLimits,
} from '@michinori/clickhouse';
import { z } from 'zod';

/** Which dead letters: received in [fromUs, toUs), of one code (`''` = all); newest first, from the place after `before`. */
export interface DeadLettersParams {
  fromUs: number;
  toUs: number;
  code: string;
  limit: number;
  before: { receivedUs: number; log: string; partition: number; offset: number } | null;
}

/** A record that could not become an event, and why. `raw` is what was sent, cut to 64 KiB. */
export interface DeadLetterRow {
  receivedAt: string;
  source: string;
  dialect: string;
  code: string;
  path: string;
  message: string;
  eventId: string;
  raw: string;
  log: string;
  partition: number;
  offset: number;
}

/** Copies of a dead letter that a retry wrote are one: each place in the log is shown once. */
const deadLettersQuery = defineQuery({
  name: 'dead-letters',
  sql: `
    SELECT received_at, source, dialect, code, path, message, event_id, raw, log, log_partition, log_offset
    FROM dead_letters
    WHERE received_at >= fromUnixTimestamp64Micro({fromUs:Int64}, 'UTC') AND received_at < fromUnixTimestamp64Micro({toUs:Int64}, 'UTC')
      AND ({code:String} = '' OR code = {code:String})
      AND (received_at, log, log_partition, log_offset) <
          (fromUnixTimestamp64Micro({beforeUs:Int64}, 'UTC'), {beforeLog:String}, {beforePartition:UInt32}, {beforeOffset:UInt64})
    ORDER BY received_at DESC, log DESC, log_partition DESC, log_offset DESC
    LIMIT 1 BY log, log_partition, log_offset
    LIMIT {limit:UInt32}`,
  params: z.object({
    fromUs: z.int(),
    toUs: z.int(),
    code: z.string(),
    limit: z.int(),
    beforeUs: z.int(),
    beforeLog: z.string(),
    beforePartition: z.int(),
    beforeOffset: z.int(),
  }),
  row: z.object({
    received_at: microsecondsColumn,
    source: z.string(),
    dialect: z.string(),
    code: z.string(),
    path: z.string(),
    message: z.string(),
    event_id: z.string(),
    raw: z.string(),
    log: z.string(),
    log_partition: z.int(),
    log_offset: integerColumn,
  }),
});

/** Dead letters, newest first. */
export async function listDeadLetters(
  clickhouse: ClickHouse,
  { before, ...params }: DeadLettersParams,
  limits: Partial<QueryLimits> = {},
): Promise<DeadLetterRow[]> {
  const place = before ?? { receivedUs: params.toUs, log: '', partition: 0, offset: 0 };
  const rows = await clickhouse.query(
    deadLettersQuery,
    {
      ...params,
      beforeUs: place.receivedUs,
      beforeLog: place.log,
      beforePartition: place.partition,
      beforeOffset: place.offset,
    },
    { limits },
  );
  return rows.map(({ received_at, event_id, log_partition, log_offset, ...row }) => ({
    receivedAt: isoFromMicroseconds(received_at),
    source: row.source,
    dialect: row.dialect,
    code: row.code,
    path: row.path,
    message: row.message,
    eventId: event_id,
    raw: row.raw,
    log: row.log,
    partition: log_partition,
    offset: log_offset,
  }));
}
