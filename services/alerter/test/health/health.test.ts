import { type ClickHouse, defineQuery, integerColumn } from '@michinori/clickhouse';
import {
  insertDeliveries,
  insertUnitJourneys,
  referenceHealthScores,
  referenceUnitJourneys,
  temporaryClickHouse,
} from '@michinori/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { backfillInstants } from '../../src/health/instants.ts';
import {
  copies,
  dayUs,
  hourUs,
  journey,
  minuteUs,
  nightsWanted,
  nowUs,
  people,
  type Told,
  termOver,
  todayUs,
} from './world.ts';

const closings: (() => Promise<void>)[] = [];
let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
  await insertDeliveries(clickhouse, [copies]);
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
}, 120_000);
afterAll(async () => {
  for (const close of closings) await close();
});

const told: Told[] = [];
const process = (failAt?: number) => termOver(clickhouse, told, { failAt });

async function rowsOf<R>(sql: string, row: z.ZodType<R>): Promise<R[]> {
  return clickhouse.queryOnWriter(defineQuery({ name: 'test', sql, params: z.object({}), row }), {});
}

const counted = `(as_of, evaluated_at) IN (SELECT as_of, min(evaluated_at) FROM health_evaluations GROUP BY as_of)`;
const evaluations = () =>
  rowsOf(
    'SELECT as_of AS asOf, max(is_backfilled) AS past, max(units) AS units FROM health_evaluations GROUP BY as_of ORDER BY as_of',
    z.object({ asOf: integerColumn, past: z.number(), units: integerColumn }),
  );
const scores = (asOfUs: number) =>
  rowsOf(
    `SELECT unit, score, ledger, segments['plan'] AS plan FROM health_scores WHERE ${counted} AND as_of = ${asOfUs} ORDER BY unit`,
    z.object({ unit: z.string(), score: z.number(), ledger: z.string(), plan: z.string() }),
  );
const signals = () =>
  rowsOf(
    `SELECT as_of AS asOf, unit, toString(signal) AS signal, toString(change) AS change, is_backfilled AS past FROM health_signals WHERE ${counted} ORDER BY as_of, unit, signal`,
    z.object({ asOf: integerColumn, unit: z.string(), signal: z.string(), change: z.string(), past: z.number() }),
  );

it('waits for history to be loaded, then gives the journey one, which tells nobody', async () => {
  const dying = process(17);
  await dying.round(nowUs - minuteUs);
  expect(await evaluations()).toEqual([]);
  await expect(dying.round(nowUs)).rejects.toThrow('the store is away');
  expect((await evaluations()).length).toBeGreaterThan(0);
  const term = process();
  await term.round(nowUs + 1);
  const instants = backfillInstants({ timezone: 'UTC', hour: 3 }, nowUs);
  expect(await evaluations()).toEqual(instants.map((asOf) => ({ asOf, past: 1, units: people.length })));
  const lastUs = todayUs + 3 * hourUs;
  const found = await scores(lastUs);
  const expected = referenceHealthScores(journey, copies, lastUs).map(({ customer, score }) => [customer, score]);
  expect(found.map(({ unit, score }) => [unit, score])).toEqual(expected.sort());
  for (const { score, ledger } of found) {
    const lines = z.array(z.object({ points: z.number() })).parse(JSON.parse(ledger));
    expect(lines.reduce((sum, { points }) => sum + points, 0)).toBe(score);
  }
  expect(new Set(found.map(({ plan }) => plan))).toEqual(new Set(['pro']));
  expect((await signals()).every(({ past }) => past === 1)).toBe(true);
  expect(told).toEqual([]);
  await term.round(nowUs + minuteUs);
  expect(await evaluations()).toHaveLength(instants.length);
});

it('evaluates every night, however often processes die in between, and tells every change once', async () => {
  for (let day = 1; day <= nightsWanted; day += 1) {
    let isDone = false;
    // Each process gets one write further than the one before.
    for (let failAt = 1 + (day % 2); !isDone; failAt += 4) {
      isDone = await process(failAt)
        .round(nowUs + day * dayUs + failAt)
        .then(() => true)
        .catch(() => false);
    }
  }
  const nights = (await evaluations()).filter(({ past }) => past === 0);
  expect(nights.map(({ asOf }) => asOf)).toEqual(
    Array.from({ length: nightsWanted }, (_, i) => todayUs + (i + 1) * dayUs + 3 * hourUs),
  );
  const live = (await signals()).filter(({ past }) => past === 0);
  const going = live.filter(({ unit }) => unit === 'going');
  expect(going.map(({ signal, change }) => `${signal} ${change}`)).toEqual(['churn raised']);
  const back = live.filter(({ unit }) => unit === 'back').map(({ signal, change }) => `${signal} ${change}`);
  expect(back).toEqual(['churn cleared', 'expansion raised']);
  const churns = live.filter(({ signal }) => signal === 'churn');
  // Everybody who is to hear of it: the webhook of churn, and signals of everything.
  expect(told.map(({ to }) => to).filter((to) => to === 'crm')).toHaveLength(churns.length);
  expect(told.filter(({ to }) => to === 'signals')).toHaveLength(live.length);
  expect(told.map(({ title }) => title)).toContain('At risk of churn: going');
  for (const { asOf } of nights) {
    const expected = referenceHealthScores(journey, copies, asOf).map(({ customer, score }) => [customer, score]);
    expect((await scores(asOf)).map(({ unit, score }) => [unit, score])).toEqual(expected.sort());
  }
});

it('gives somebody a task when a signal is raised at night', async () => {
  const tasks = await rowsOf(
    `SELECT owner, text['en'] AS text, due_at - as_of AS dueIn FROM health_tasks WHERE ${counted}`,
    z.object({ owner: z.string(), text: z.string(), dueIn: integerColumn }),
  );
  expect(tasks).toEqual([{ owner: 'cs', text: 'Call going', dueIn: dayUs }]);
});
