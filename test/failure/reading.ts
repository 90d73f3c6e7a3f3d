import { join } from 'node:path';
import { connectEmbedded, defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';
import type { PublicAnswers, Shown } from './conservation.ts';
import { until } from './until.ts';

/** Runs a SELECT somewhere; the rows as they came. */
export type Select = (sql: string) => Promise<unknown[]>;

const visibleEvents = `
  SELECT event_id AS id, touchpoint, customer
  FROM events
  WHERE content_hash NOT IN (SELECT content_hash FROM superseded_events)
  GROUP BY customer_key, occurred_at, event_id, content_hash, touchpoint, customer`;
const letterPlaces = 'SELECT event_id AS id FROM dead_letters GROUP BY log, log_partition, log_offset, event_id';
const repeatedPlaces = `
  SELECT toUInt32(sum(c - 1)) AS count FROM (
    SELECT count() AS c FROM events GROUP BY log, log_partition, log_offset
    UNION ALL SELECT count() AS c FROM dead_letters GROUP BY log, log_partition, log_offset)`;

const eventRows = z.array(z.object({ id: z.string(), touchpoint: z.string(), customer: z.string() }));
const letterRows = z.array(z.object({ id: z.string() }));
const countRows = z.tuple([z.object({ count: z.number() })]);

/** What the tables hold, as far as readers are to see it. */
export async function readTables(select: Select): Promise<Shown> {
  const events = eventRows.parse(await select(visibleEvents));
  const letters = letterRows.parse(await select(letterPlaces)).map(({ id }) => id);
  const [{ count }] = countRows.parse(await select(repeatedPlaces));
  return { events, letters, repeatedPlaces: count };
}

/** The tables of a data folder that no process owns any more, opened in this process. Once in a test file: see `connectEmbedded`. */
export async function readFolder(data: string): Promise<Shown> {
  const clickhouse = await connectEmbedded({ path: join(data, 'clickhouse') });
  try {
    return await readTables((sql) =>
      clickhouse.query(defineQuery({ name: 'test_read_folder', sql, params: z.object({}), row: z.unknown() }), {}),
    );
  } finally {
    await clickhouse.close();
  }
}

/** Waits until everything in the log is verified in the tables, by the process's own metric. */
export async function untilLagIsZero(url: string): Promise<void> {
  await until('the sink has caught up', async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const lags = [...text.matchAll(/^michinori_log_lag_events\{[^}]*\} (\d+)/gm)].map(([, lag]) => Number(lag));
    return lags.length > 0 && lags.every((lag) => lag === 0) ? true : undefined;
  });
}

async function answerOf<T>(response: Promise<Response>, row: z.ZodType<T>): Promise<{ rows: T[]; truncated: boolean }> {
  const { status, text } = await response.then(async (got) => ({ status: got.status, text: await got.text() }));
  if (status !== 200) throw new Error(`${status} ${text}`);
  const { rows, meta } = z
    .object({ rows: z.array(row), meta: z.looseObject({ truncated: z.boolean() }) })
    .parse(JSON.parse(text));
  return { rows, truncated: meta.truncated };
}

const funnel = {
  steps: [{ touchpoint: '*' }, { touchpoint: '*' }],
  window: { value: 365, unit: 'day' },
  from: '2023-01-01T00:00:00Z',
  to: '2042-01-01T00:00:00Z',
  timezone: 'UTC',
};

async function readLetters(url: string, fromMs: number, toMs: number): Promise<string[]> {
  const time = (ms: number): string => new Date(ms).toISOString();
  const query = new URLSearchParams({ from: time(fromMs), to: time(toMs), limit: '1000' });
  const { rows, truncated } = await answerOf(
    fetch(`${url}/v1/dead-letters?${query}`),
    z.object({ eventId: z.string() }),
  );
  if (!truncated) return rows.map(({ eventId }) => eventId);
  if (toMs - fromMs <= 1) throw new Error('more than 1000 dead letters in a millisecond');
  const middle = Math.floor((fromMs + toMs) / 2);
  return [...(await readLetters(url, fromMs, middle)), ...(await readLetters(url, middle, toMs))];
}

/** Asks the HTTP side; `sinceMs` lies before the first request of the test. */
export async function readAnswers(url: string, sinceMs: number): Promise<PublicAnswers> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(funnel) };
  const steps = await answerOf(fetch(`${url}/v1/funnels/query`, post), z.object({ step: z.int(), customers: z.int() }));
  const touched = await answerOf(fetch(`${url}/v1/touchpoints`), z.object({ touchpoint: z.string(), events: z.int() }));
  const letters = await readLetters(url, sinceMs - 1000, Date.now() + 1000);
  const customersOf = (step: number): number => steps.rows.find((row) => row.step === step)?.customers ?? 0;
  return {
    touchpoints: new Map(touched.rows.map(({ touchpoint, events }) => [touchpoint, events])),
    customers: customersOf(1),
    customersWithTwo: customersOf(2),
    letters: letters.sort(),
  };
}
