import type { ClickHouse } from '@michinori/clickhouse';
import { readHealthRecords } from '@michinori/queries';
import { createSilentLogger } from '@michinori/runtime';
import { cityHashes, storyHour, temporaryClickHouse } from '@michinori/testing';
import { beforeEach, expect, it } from 'vitest';
import { answeringJourneys } from '../../src/read-stages.ts';
import { createRecordTerm } from '../../src/track-record/record-term.ts';
import { buying, fillJourneys } from '../world.ts';

let clickhouse: ClickHouse;

beforeEach(async (context) => {
  clickhouse = await temporaryClickHouse(context);
  await fillJourneys(clickhouse);
});

/** c0 … c39 are scored in the stage that they enter at hour 0; the ten who are lost at hour 2 have a low score. */
async function score(journey: string, hour: number): Promise<void> {
  const names = Array.from({ length: 40 }, (_, i) => `c${i}`);
  const keys = await cityHashes(clickhouse, names);
  await clickhouse.insert({
    table: 'health_scores',
    columns: ['journey', 'as_of', 'evaluated_at', 'unit_key', 'stage', 'score', 'ledger'],
    rows: names.map((name, i) => [
      ...[journey, storyHour(hour), 1, String(keys.get(name)), 'interest', i % 4 === 0 ? 30 : 70, '[]'],
    ]),
  });
  await clickhouse.insert({
    table: 'health_evaluations',
    columns: ['journey', 'as_of', 'evaluated_at', 'version', 'units'],
    rows: [[journey, storyHour(hour), 1, 1, 40]],
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
  readHealthRecords(clickhouse, { journey, fromUs: 0, upToUs: storyHour(999), limit: 99 });

it('records a night once, when its scores are there', async () => {
  const own = term();
  await own.round(storyHour(26));
  expect(await recordsOf('buying')).toEqual([]);
  await score('buying', 0.5);
  await score('buying', 25);
  await own.round(storyHour(26));
  await own.round(storyHour(26.1));
  await term().round(storyHour(27));
  const [record, ...others] = await recordsOf('buying');
  expect(others).toEqual([]);
  expect(record).toMatchObject({ asOfUs: storyHour(25), version: buying.version });
  expect(record?.stages[0]).toMatchObject({ stage: null, scoresAsOfUs: storyHour(0.5), n: 40, lost: 10, auc: 1 });
  expect(record?.stages.map(({ stage }) => stage)).toEqual([null, 'interest', 'trial']);
  expect(await recordsOf('leaving')).toEqual([]);
  await score('buying', 49);
  await own.round(storyHour(50));
  expect((await recordsOf('buying')).map(({ asOfUs }) => asOfUs)).toEqual([storyHour(49), storyHour(25)]);
});

it('leaves nights of the past alone', async () => {
  await score('buying', 0.5);
  await score('buying', 25);
  await term().round(storyHour(80));
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
  await expect(gone.round(storyHour(26))).rejects.toThrow();
  expect(await recordsOf('buying')).toEqual([]);
  const failing: ClickHouse = {
    ...clickhouse,
    insert: (rows) =>
      JSON.stringify(rows.rows).includes('buying') ? Promise.reject(new Error('full')) : clickhouse.insert(rows),
  };
  const half = term({ clickhouse: failing });
  await expect(half.round(storyHour(26))).rejects.toThrow('scores can not be judged');
  expect([(await recordsOf('buying')).length, (await recordsOf('leaving')).length]).toEqual([0, 1]);
  await term().round(storyHour(26));
  expect(await recordsOf('buying')).toHaveLength(1);
});
