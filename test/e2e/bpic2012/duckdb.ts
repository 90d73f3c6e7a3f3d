import { DuckDBInstance } from '@duckdb/node-api';
import { bands, labels, type Question, steps, type Traveller } from './question.ts';

export interface DuckStep {
  segment: string;
  step: number;
  median: number | null;
}

/** The funnel computed by DuckDB straight from the file: no code of the product is involved. */
export interface DuckFunnel {
  travellers: Traveller[];
  /** Median seconds from the step before, per band. */
  medians: DuckStep[];
  /** Median seconds from the first step to the last, all bands together. */
  medianToConvert: number | null;
  /** Events and customers per touchpoint. */
  counts: Map<string, { events: number; customers: number }>;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const micros = (iso: string): string => `${Date.parse(iso) * 1_000}::BIGINT`;

export async function duckFunnel(path: string, { from, to, asOf, windowDays }: Question): Promise<DuckFunnel> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const read = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson();
  try {
    await connection.run(`
      CREATE TABLE e AS
      SELECT case_id AS customer, concept_name AS touchpoint, AMOUNT_REQ::DOUBLE AS amount,
        epoch_us(left(time_timestamp, 23)::TIMESTAMP)
          - (CASE WHEN time_timestamp[24] = '-' THEN -1 ELSE 1 END)
          * (substr(time_timestamp, 25, 2)::BIGINT * 3600 + substr(time_timestamp, 28, 2)::BIGINT * 60) * 1000000 AS t
      FROM read_csv(${literal(path)}, header = true, all_varchar = true)`);
    const counted = await read(
      'SELECT touchpoint, count(*)::INT AS events, count(DISTINCT customer)::INT AS customers FROM e GROUP BY 1',
    );
    const chain = steps
      .slice(1)
      .map(
        (step, index) => `s${index + 2} AS (
          SELECT p.*, (SELECT min(e.t) FROM e WHERE e.customer = p.customer AND e.touchpoint = ${literal(step)}
            AND e.t <= ${micros(asOf)} AND e.t >= p.t${index + 1} AND e.t <= p.t1 + ${windowDays * 86_400e6}::BIGINT) AS t${index + 2}
          FROM s${index + 1} p)`,
      )
      .join(', ');
    const band = `CASE ${bands.map((bound, index) => `WHEN amount < ${bound} THEN ${literal(labels[index] ?? '')}`).join(' ')} ELSE ${literal(labels.at(-1) ?? '')} END`;
    const furthest = steps.map((_, index) => `(t${index + 1} IS NOT NULL)::INT`).join(' + ');
    await connection.run(`
      CREATE TABLE f AS WITH
      s1 AS (SELECT customer, amount, t AS t1 FROM e
        WHERE touchpoint = ${literal(steps[0])} AND t >= ${micros(from)} AND t < ${micros(to)} AND t <= ${micros(asOf)}),
      ${chain},
      attempts AS (SELECT *, ${band} AS segment, ${furthest} AS furthest,
        bool_or(t1 + ${windowDays * 86_400e6}::BIGINT >= ${micros(asOf)}) OVER (PARTITION BY customer) AS alive FROM s${steps.length})
      SELECT * FROM attempts QUALIFY row_number() OVER (PARTITION BY customer ORDER BY furthest DESC, t1) = 1`);
    const travellers = await read('SELECT * FROM f');
    const medians = await Promise.all(
      steps.slice(1).map((_, index) =>
        read(`SELECT segment, ${index + 2} AS step, quantile_cont((t${index + 2} - t${index + 1}) / 1e6, 0.5) AS median
              FROM f WHERE t${index + 2} IS NOT NULL GROUP BY segment`),
      ),
    );
    const last = `t${steps.length}`;
    const [overall] = await read(
      `SELECT quantile_cont((${last} - t1) / 1e6, 0.5) AS median FROM f WHERE ${last} IS NOT NULL`,
    );
    return {
      travellers: travellers.map((row) => ({
        customer: String(row.customer),
        segment: String(row.segment),
        furthest: Number(row.furthest),
        isOpen: Number(row.furthest) < steps.length && row.alive === true,
        stepsAtUs: steps.map((_, index) => numberOrNull(row[`t${index + 1}`])),
      })),
      medians: medians.flat().map(({ segment, step, median }) => ({
        segment: String(segment),
        step: Number(step),
        median: numberOrNull(median),
      })),
      medianToConvert: numberOrNull(overall?.median),
      counts: new Map(
        counted.map(({ touchpoint, events, customers }) => [
          String(touchpoint),
          { events: Number(events), customers: Number(customers) },
        ]),
      ),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
