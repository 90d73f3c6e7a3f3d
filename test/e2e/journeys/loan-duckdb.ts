import { DuckDBInstance } from '@duckdb/node-api';

/** Touchpoints that begin each stage of `loan-application.yaml`, in order, and those that end an application. */
const stages = [
  ['A_SUBMITTED', 'A_PARTLYSUBMITTED'],
  ['A_PREACCEPTED'],
  ['A_ACCEPTED'],
  ['O_SENT'],
  ['O_SENT_BACK'],
  ['A_APPROVED'],
] as const;

export interface LoanFacts {
  readonly cases: number;
  /** How applications ended. */
  readonly approved: number;
  readonly declined: number;
  readonly cancelled: number;
  readonly open: number;
  /** Per stage but the last: who entered it, who went further, and the median seconds of those. */
  readonly ways: readonly { readonly entered: number; readonly advanced: number; readonly median: number | null }[];
  /** From the submission to the approval. */
  readonly submittedToApproved: { readonly advanced: number; readonly median: number | null };
  /** Seconds from submission to the next stage of everybody who applied first, ascending; null: never. */
  readonly earlySeconds: readonly (number | null)[];
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * The ways of the applications computed by DuckDB straight from the file, without a line of the product: the first time of every stage, of which one
 * counts only if no later stage and no end came before it.
 */
export async function loanFacts(path: string, earlyUntilUs: number): Promise<LoanFacts> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const first = (names: readonly string[]) => `min(t) FILTER (WHERE touchpoint IN (${names.map(literal).join(', ')}))`;
  const readAll = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const read = async (sql: string) => (await readAll(sql))[0] ?? {};
  try {
    await connection.run(`CREATE TABLE cases AS
      SELECT case_id, ${stages.map((names, i) => `${first(names)} AS t${i}`).join(', ')},
        ${first(['A_DECLINED'])} AS declined, ${first(['A_CANCELLED'])} AS cancelled, least(declined, cancelled) AS ended
      FROM (SELECT case_id, concept_name AS touchpoint,
          epoch_us(left(time_timestamp, 23)::TIMESTAMP)
            - (CASE WHEN time_timestamp[24] = '-' THEN -1 ELSE 1 END)
            * (substr(time_timestamp, 25, 2)::BIGINT * 3600 + substr(time_timestamp, 28, 2)::BIGINT * 60) * 1000000 AS t
        FROM read_csv(${literal(path)}, header = true, all_varchar = true))
      GROUP BY case_id`);
    const later = (from: number) =>
      `least(${stages
        .slice(from)
        .map((_, i) => `t${from + i}`)
        .join(', ')}, NULL)`;
    const before = (time: string, limit: string) => `${time} IS NOT NULL AND (${limit} IS NULL OR ${time} <= ${limit})`;
    const ways = [];
    for (const place of stages.keys()) {
      if (place === stages.length - 1) continue;
      const next = later(place + 1);
      const row =
        await read(`SELECT count(*)::INT AS entered, count(*) FILTER (WHERE ${before(next, 'ended')})::INT AS advanced,
          quantile_cont((${next} - t${place}) / 1e6, 0.5) FILTER (WHERE ${before(next, 'ended')}) AS median
        FROM cases WHERE ${before(`t${place}`, `least(ended, ${next})`)}`);
      ways.push({ entered: Number(row.entered), advanced: Number(row.advanced), median: numberOrNull(row.median) });
    }
    const last = `t${stages.length - 1}`;
    const row =
      await read(`SELECT count(*)::INT AS cases, count(${last})::INT AS approved, count(declined)::INT AS declined, count(cancelled)::INT AS cancelled,
        count(*) FILTER (WHERE ${last} IS NULL AND ended IS NULL)::INT AS open,
        quantile_cont((${last} - t0) / 1e6, 0.5) FILTER (WHERE ${last} IS NOT NULL) AS median FROM cases`);
    const [cases, approved, declined, cancelled, open] = ['cases', 'approved', 'declined', 'cancelled', 'open'].map(
      (name) => Number(row[name]),
    ) as [number, number, number, number, number];
    const submittedToApproved = { advanced: approved, median: numberOrNull(row.median) };
    const early =
      await readAll(`SELECT CASE WHEN ${before(later(1), 'ended')} THEN (${later(1)} - t0) / 1e6 END AS seconds
        FROM cases WHERE t0 < ${earlyUntilUs}::BIGINT ORDER BY seconds NULLS LAST`);
    const earlySeconds = early.map(({ seconds }) => numberOrNull(seconds));
    return { cases, approved, declined, cancelled, open, ways, submittedToApproved, earlySeconds };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
