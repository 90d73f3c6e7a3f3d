import { type ClickHouse, defineQuery, integerColumn } from '@michinori/clickhouse';
import { healthDefault, type Journey } from '@michinori/journey';
import { createSilentLogger } from '@michinori/runtime';
import {
  insertDeliveries,
  insertUnitJourneys,
  referenceHealthScores,
  referenceUnitJourneys,
  storyEvent,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Notification } from '../../src/channels/notification.ts';
import { createHealthTerm, type HealthSettings } from '../../src/health/health-term.ts';
import { backfillInstants } from '../../src/health/instants.ts';

const hourUs = 3_600_000_000;
const dayUs = 24 * hourUs;
const minuteUs = 60_000_000;
/** A midnight some weeks ago, since the tables forget what is old. */
const todayUs = (Math.floor(Date.now() / 86_400_000) - 40) * dayUs;
const nowUs = todayUs + 6 * hourUs;

const journey: Journey = storyJourney({
  id: 'using',
  segments: ['plan'],
  stages: [storyStage('in', ['signed']), storyStage('out', ['renewed'], { terminal: true })],
  health: {
    ...healthDefault,
    rules: [
      {
        id: 'quiet',
        title: { en: 'No use' },
        points: -30,
        test: { kind: 'idle', touchpoint: 'used', where: [], forUs: 7 * dayUs },
      },
      {
        id: 'busy',
        title: {},
        points: 30,
        test: { kind: 'count', touchpoint: 'used', where: [], withinUs: 3 * dayUs, atLeast: 3, atMost: null },
      },
    ],
    actions: [
      { signal: 'churn', webhook: 'crm', task: { owner: 'cs', dueUs: dayUs, text: { en: 'Call {customer}' } } },
    ],
  },
});
const active = { derivation: 1, journey };

/** Uses until so many days after today; everybody has signed a year before. */
function person(customer: string, lastDay: number) {
  const at = (us: number, id: string) => ({
    ...{ id: `${customer} ${id}`, customer, occurredAtUs: us, receivedAtUs: us, traits: new Map([['plan', 'pro']]) },
  });
  const days = Array.from({ length: 60 + lastDay }, (_, i) => i - 60);
  return [
    storyEvent('signed', 0, at(todayUs - 300 * dayUs, 'signed')),
    ...days.map((day) => storyEvent('used', 0, at(todayUs + day * dayUs + hourUs, `used ${day}`))),
  ];
}
// The last one stops so that the second evaluation after the history finds him idle; one of them comes back.
const people = [
  ...Array.from({ length: 9 }, (_, i) => person(`steady ${i}`, 20)),
  person('gone long ago', -30),
  person('going', -5),
  [
    ...person('back', -40),
    ...person('back', 20)
      .filter(({ event }) => event.occurredAtUs > todayUs + dayUs)
      .slice(0, 12),
  ],
];
const copies = people.flat();

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

const settings: HealthSettings = { hour: 3, backfill: true, catchUpMax: 7, unitsPerPage: 6 };
const nightsWanted = 5;
const told: { id: string; title: string; to: string }[] = [];

/** A process: its own memory, the same store. `failAt`: which of its writes to the tables of health fails. */
function process(failAt = Number.POSITIVE_INFINITY) {
  let writes = 0;
  const faulty: ClickHouse = {
    ...clickhouse,
    async insert(batch) {
      writes += 1;
      if (writes === failAt) throw new Error('the store is away');
      await clickhouse.insert(batch);
    },
  };
  const seen = new Set(told.map(({ id, to }) => `${id} ${to}`));
  return createHealthTerm({
    ...{ clickhouse: faulty, logger: createSilentLogger(), settings, boardUrl: null, always: ['signals'], asking: {} },
    outbox: {
      async enqueue(notifications: readonly Notification[], to: readonly string[] = []) {
        for (const { id, title } of notifications) {
          for (const name of to) {
            if (!seen.has(`${id} ${name}`)) told.push({ id, title: title.en ?? '', to: name });
            seen.add(`${id} ${name}`);
          }
        }
      },
    },
    journeys: async () => [active],
    assertLeading() {},
  });
}

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
