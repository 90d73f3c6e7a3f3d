import type { ClickHouse } from '@michinori/clickhouse';
import { readHealthRecords } from '@michinori/queries';
import { createSilentLogger } from '@michinori/runtime';
import {
  activeDerivation,
  cityHashes,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import { beforeEach, expect, it } from 'vitest';
import { answeringJourneys } from '../../src/read-stages.ts';
import { createRecordTerm } from '../../src/track-record/record-term.ts';

/** A midnight some weeks ago, since the tables forget what is old. */
const startUs = (Math.floor(Date.now() / 86_400_000) - 40) * 86_400e6;
const hourUs = (hours: number) => startUs + hours * 3600e6;
const eventAt = (touchpoint: string, hours: number, customer: string) =>
  storyEvent(touchpoint, hours, { customer, occurredAtUs: hourUs(hours) });

const stages = [
  storyStage('interest', ['A']),
  storyStage('trial', ['B']),
  storyStage('won', ['C'], { terminal: true }),
];
const buying = storyJourney({ id: 'buying', stages });
const leaving = storyJourney({ id: 'leaving', stages });
const events = Array.from({ length: 40 }, (_, i) => `c${i}`).flatMap((customer, i) => [
  eventAt('A', 0, customer),
  eventAt(i % 4 === 0 ? 'X' : 'B', 2, customer),
]);

let clickhouse: ClickHouse;

beforeEach(async (context) => {
  clickhouse = await temporaryClickHouse(context);
  for (const [index, journey] of [buying, leaving].entries()) {
    await insertUnitJourneys(clickhouse, index + 1, referenceUnitJourneys(journey, events));
    await activeDerivation(clickhouse, journey, index + 1, { appliedAtUs: startUs });
  }
});

/** c0 … c39 are scored in the stage that they enter at hour 0; the ten who are lost at hour 2 have a low score. */
async function score(journey: string, hour: number): Promise<void> {
  const names = Array.from({ length: 40 }, (_, i) => `c${i}`);
  const keys = await cityHashes(clickhouse, names);
  await clickhouse.insert({
    table: 'health_scores',
    columns: ['journey', 'as_of', 'evaluated_at', 'unit_key', 'stage', 'score', 'ledger'],
    rows: names.map((name, i) => [
      ...[journey, hourUs(hour), 1, String(keys.get(name)), 'interest', i % 4 === 0 ? 30 : 70, '[]'],
    ]),
  });
  await clickhouse.insert({
    table: 'health_evaluations',
    columns: ['journey', 'as_of', 'evaluated_at', 'version', 'units'],
    rows: [[journey, hourUs(hour), 1, 1, 40]],
  });
}

function term(options: Partial<Parameters<typeof createRecordTerm>[0]> = {}) {
  return createRecordTerm({
    clickhouse,
    logger: createSilentLogger(),
    asking: {},
    journeys: () => answeringJourneys(clickhouse, {}),
    assertLeading: () => {},
    ...options,
  });
}

const recordsOf = async (journey: string) =>
  readHealthRecords(clickhouse, { journey, fromUs: 0, upToUs: hourUs(999), limit: 99 });

it('records a night once, when its scores are there', async () => {
  const own = term();
  await own.round(hourUs(26));
  expect(await recordsOf('buying')).toEqual([]);
  await score('buying', 0.5);
  await score('buying', 25);
  await own.round(hourUs(26));
  await own.round(hourUs(26.1));
  await term().round(hourUs(27));
  const [record, ...others] = await recordsOf('buying');
  expect(others).toEqual([]);
  expect(record).toMatchObject({ asOfUs: hourUs(25), version: buying.version });
  expect(record?.stages[0]).toMatchObject({ stage: null, scoresAsOfUs: hourUs(0.5), n: 40, lost: 10, auc: 1 });
  expect(record?.stages.map(({ stage }) => stage)).toEqual([null, 'interest', 'trial']);
  expect(await recordsOf('leaving')).toEqual([]);
  await score('buying', 49);
  await own.round(hourUs(50));
  expect((await recordsOf('buying')).map(({ asOfUs }) => asOfUs)).toEqual([hourUs(49), hourUs(25)]);
});

it('leaves nights of the past alone', async () => {
  await score('buying', 0.5);
  await score('buying', 25);
  await term().round(hourUs(80));
  expect(await recordsOf('buying')).toEqual([]);
});

it('writes nothing when another one leads, and goes on with the other journeys when one fails', async () => {
  await score('buying', 25);
  await score('leaving', 25);
  let calls = 0;
  const gone = term({
    assertLeading() {
      calls += 1;
      if (calls > 1) throw new Error('another alerter may lead by now');
    },
  });
  await expect(gone.round(hourUs(26))).rejects.toThrow();
  expect(await recordsOf('buying')).toEqual([]);
  const failing: ClickHouse = {
    ...clickhouse,
    insert: (rows) =>
      JSON.stringify(rows.rows).includes('buying') ? Promise.reject(new Error('full')) : clickhouse.insert(rows),
  };
  const half = term({ clickhouse: failing });
  await expect(half.round(hourUs(26))).rejects.toThrow('scores can not be judged');
  expect([(await recordsOf('buying')).length, (await recordsOf('leaving')).length]).toEqual([0, 1]);
  await term().round(hourUs(26));
  expect(await recordsOf('buying')).toHaveLength(1);
});
