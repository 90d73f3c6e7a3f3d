import { type ClickHouse, defineQuery, microsecondsColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';

/** Something that was changed on a journey, as it was recorded last. Times are microseconds since 1970. */
export interface Improvement {
  readonly id: string;
  readonly journey: string;
  /** `''`: all stages. */
  readonly stage: string;
  readonly title: string;
  readonly atUs: number;
  /** Whom it was tried on; null: everybody. */
  readonly segment: { readonly name: string; readonly values: readonly string[] } | null;
  readonly owner: string;
  readonly hypothesis: string;
  readonly dueUs: number | null;
  readonly recordedAtUs: number;
  readonly recordedBy: string;
}

/** `''` as journey or id: all of them. The journey is looked at after the latest record of an id was chosen: a later one may move it. */
const improvementsQuery = defineQuery({
  name: 'improvements',
  sql: `
    SELECT id, journey, stage, title, at, segment_name, segment_values, owner, hypothesis, due, recorded_at, recorded_by
    FROM
    (
        SELECT *
        FROM improvements
        WHERE {id:String} = '' OR id = {id:String}
        ORDER BY id, recorded_at DESC, log_offset DESC
        LIMIT 1 BY id
    )
    WHERE ({journey:String} = '' OR journey = {journey:String})
      AND toUnixTimestamp64Micro(at) >= {fromUs:Int64} AND toUnixTimestamp64Micro(at) < {toUs:Int64}
    ORDER BY at DESC, id
    LIMIT {limit:UInt32}`,
  params: z.object({
    id: z.string(),
    journey: z.string(),
    fromUs: z.int(),
    toUs: z.int(),
    limit: z.int(),
  }),
  row: z.object({
    id: z.string(),
    journey: z.string(),
    stage: z.string(),
    title: z.string(),
    at: microsecondsColumn,
    segment_name: z.string(),
    segment_values: z.array(z.string()),
    owner: z.string(),
    hypothesis: z.string(),
    due: microsecondsColumn.nullable(),
    recorded_at: microsecondsColumn,
    recorded_by: z.string(),
  }),
});

export interface ImprovementsWanted {
  readonly journey?: string | undefined;
  /** Made in [fromUs, toUs); default ever. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly limit?: number | undefined;
}

const latestUs = 9_000_000_000_000_000;

/** The improvements that were recorded, the newest first. Of several records of one id the latest holds. */
export async function listImprovements(
  clickhouse: ClickHouse,
  { journey = '', fromUs = 0, toUs = latestUs, limit = 10_000 }: ImprovementsWanted = {},
  options?: QueryOptions,
): Promise<Improvement[]> {
  const rows = await clickhouse.query(improvementsQuery, { id: '', journey, fromUs, toUs, limit }, options);
  return rows.map(improvementOf);
}

/** The improvement of an id, or null. */
export async function findImprovement(
  clickhouse: ClickHouse,
  id: string,
  options?: QueryOptions,
): Promise<Improvement | null> {
  if (id === '') return null;
  const params = { id, journey: '', fromUs: 0, toUs: latestUs, limit: 1 };
  const [row] = await clickhouse.query(improvementsQuery, params, options);
  return row === undefined ? null : improvementOf(row);
}

function improvementOf(row: z.output<typeof improvementsQuery.row>): Improvement {
  return {
    id: row.id,
    journey: row.journey,
    stage: row.stage,
    title: row.title,
    atUs: row.at,
    segment: row.segment_name === '' ? null : { name: row.segment_name, values: row.segment_values },
    owner: row.owner,
    hypothesis: row.hypothesis,
    dueUs: row.due,
    recordedAtUs: row.recorded_at,
    recordedBy: row.recorded_by,
  };
}
