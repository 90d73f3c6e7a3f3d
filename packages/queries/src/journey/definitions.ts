import { type ClickHouse, defineQuery, microsecondsColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';

/** A version of a journey that somebody applied. */
export interface AppliedVersion {
  readonly journey: string;
  readonly version: number;
  /** YAML text of the one journey. */
  readonly source: string;
  /** Microseconds since 1970. */
  readonly appliedAtUs: number;
  readonly appliedBy: string;
}

/** A version is taken once: where two writers raced, the first record counts. */
const appliedVersionsQuery = defineQuery({
  name: 'applied-versions',
  sql: `
    SELECT journey, version, source, applied_at, applied_by
    FROM
    (
        SELECT *
        FROM journey_definitions
        WHERE {journey:String} = '' OR journey = {journey:String}
        ORDER BY journey, version, applied_at, log_offset
        LIMIT 1 BY journey, version
    )
    WHERE toUnixTimestamp64Micro(applied_at) >= {fromUs:Int64} AND toUnixTimestamp64Micro(applied_at) < {toUs:Int64}
    ORDER BY journey, version DESC`,
  params: z.object({ journey: z.string(), fromUs: z.int(), toUs: z.int() }),
  row: z.object({
    journey: z.string(),
    version: z.int(),
    source: z.string(),
    applied_at: microsecondsColumn,
    applied_by: z.string(),
  }),
});

export interface AppliedVersionsWanted {
  readonly journey?: string | undefined;
  /** Applied in [fromUs, toUs); default ever. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

const latestUs = 9_000_000_000_000_000;

/** The versions of journeys that were applied: by journey, the newest version first. */
export async function listAppliedVersions(
  clickhouse: ClickHouse,
  { journey = '', fromUs = 0, toUs = latestUs }: AppliedVersionsWanted = {},
  options?: QueryOptions,
): Promise<AppliedVersion[]> {
  const rows = await clickhouse.query(appliedVersionsQuery, { journey, fromUs, toUs }, options);
  return rows.map(({ applied_at, applied_by, ...row }) => ({
    journey: row.journey,
    version: row.version,
    source: row.source,
    appliedAtUs: applied_at,
    appliedBy: applied_by,
  }));
}
