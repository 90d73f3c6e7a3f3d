import { bigintColumn, defineQuery, integerColumn } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import {
  activeDerivation,
  type EventCopy,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';

const stored = defineQuery({
  name: 'test-stored-units',
  sql: `SELECT unit, anonymous, rank, unit_key = cityHash64(if(unit != '', unit, concat('\\0', anonymous))) AS keyed,
          arrayMap(x -> toString(x), visit_outcome) AS outcomes, visit_entered, visit_segments,
          response_customer = arrayMap(_ -> unit_key, response_nps) AS own, response_sentiment, path_touchpoint
        FROM unit_journeys WHERE derivation = {derivation:UInt32} ORDER BY unit, anonymous`,
  params: z.object({ derivation: z.number() }),
  row: z.object({
    unit: z.string(),
    anonymous: z.string(),
    rank: bigintColumn,
    keyed: z.literal(1),
    outcomes: z.array(z.string()),
    visit_entered: z.array(integerColumn),
    visit_segments: z.array(z.array(z.string())),
    own: z.literal(1),
    response_sentiment: z.array(z.number()),
    path_touchpoint: z.array(z.string()),
  }),
});

const derivations = defineQuery({
  name: 'test-derivations',
  sql: `SELECT d.derivation AS derivation, toString(state) AS state, j.version AS version, source, hash = cityHash64(source) AS hashed
        FROM derivations AS d INNER JOIN journey_definitions AS j ON d.journey = j.journey AND d.version = j.version`,
  params: z.object({}),
  row: z.object({
    derivation: z.number(),
    state: z.string(),
    version: z.number(),
    source: z.string(),
    hashed: z.literal(1),
  }),
});

const definition: Journey = storyJourney({
  segments: ['plan'],
  stages: [storyStage('a', ['A']), storyStage('b', ['B'])],
});

it('writes reference rows as the table has them', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const copies: EventCopy[] = [
    storyEvent('A', 1, { traits: new Map([['plan', 'pro']]), sentiment: -0.5 }),
    storyEvent('B', 2, { nps: 9 }),
    storyEvent('A', 3, { customer: null, anonymous: 'n' }),
  ];
  const rows = referenceUnitJourneys(definition, copies);
  await insertUnitJourneys(clickhouse, 7, rows);
  await activeDerivation(clickhouse, definition, 7);
  const found = await clickhouse.query(stored, { derivation: 7 });
  expect(found.map(({ unit, anonymous }) => [unit, anonymous])).toEqual([
    ['', 'n'],
    ['c', ''],
  ]);
  expect(found.map(({ rank }) => rank)).toEqual(rows.map(({ rank }) => rank));
  expect(found[1]).toMatchObject({
    outcomes: ['advanced', 'open'],
    visit_segments: [['pro'], ['pro']],
    response_sentiment: [-0.5, 2],
    path_touchpoint: ['A', 'B'],
  });
  expect(found[1]?.visit_entered).toEqual(rows[1]?.visits.map(({ enteredUs }) => enteredUs));
  const [derivation] = await clickhouse.query(derivations, {});
  expect(derivation).toMatchObject({ derivation: 7, state: 'active', version: 1 });
});

it('writes nothing for no rows', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  await insertUnitJourneys(clickhouse, 7, []);
  expect(await clickhouse.query(stored, { derivation: 7 })).toEqual([]);
});
