import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import { storyJourney, storyStage, temporaryClickHouse } from '@michinori/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { anyParameters } from '../src/funnel/bound-query.ts';
import { createParameters } from '../src/funnel/parameters.ts';
import { type JourneyScope, planJourney, stageNumber } from '../src/journey/scope.ts';
import { type VisitRowsOptions, visitRows } from '../src/journey/visits.ts';

const dayUs = 86_400_000_000;
const nowUs = 100 * dayUs;

const journey = storyJourney({
  id: 'j',
  segments: ['plan', 'region'],
  stages: [storyStage('first', ['first'], { lostAfterUs: 10 * dayUs }), storyStage('second', ['second'])],
  exit: [],
});
const active = { derivation: 7, journey };

/** Days; outcome and end as stored; `last` is the last activity. */
interface Stored {
  stage: number;
  entered: number;
  outcome: string;
  ended: number;
  last: number;
  next?: number;
  plan?: string;
}

async function store(clickhouse: ClickHouse, unitKey: number, visits: readonly Stored[], derivation = 7) {
  const us = (days: number) => days * dayUs;
  await clickhouse.insert({
    table: 'unit_journeys',
    columns: [
      'derivation',
      'unit_key',
      'rank',
      'visit_cycle',
      'visit_stage',
      'visit_entered',
      'visit_ended',
      'visit_outcome',
      'visit_next',
      'visit_reason',
      'visit_active',
      'visit_segments',
    ],
    rows: [
      [
        derivation,
        unitKey,
        1,
        visits.map(() => 1),
        visits.map((visit) => visit.stage),
        visits.map(({ entered }) => us(entered)),
        visits.map(({ ended }) => us(ended)),
        visits.map(({ outcome }) => outcome),
        visits.map(({ next = 0 }) => next),
        visits.map(() => ''),
        visits.map(({ last }) => us(last)),
        visits.map(({ plan = 'pro' }) => [plan, 'jp']),
      ],
    ],
  });
}

const row = z.object({
  unit_key: z.unknown(),
  stage: z.number(),
  entered: z.number(),
  outcome: z.number(),
  ended: z.number(),
  until: z.number(),
  next: z.number(),
  segment: z.string(),
  bucket: z.number(),
});

async function ask(clickhouse: ClickHouse, scope: JourneyScope, options?: VisitRowsOptions) {
  const parameters = createParameters();
  const inDays = ['entered', 'ended', 'until', 'bucket'].map((name) => `toFloat64(${name}) / ${dayUs} AS ${name}`);
  const sql = `SELECT toString(unit_key) AS unit_key, stage, outcome, next, segment, ${inDays.join(', ')}
FROM (${visitRows(scope, parameters, options)}) AS visits ORDER BY unit_key, visits.entered, stage`;
  const query = defineQuery({ name: 'test', sql, params: anyParameters, row });
  const rows = await clickhouse.query(query, parameters.values());
  return rows.map(({ stage, entered, outcome, ended, until, next, segment, bucket }) =>
    [stage, entered, outcome, ended, until, next, segment, bucket].join(' '),
  );
}

const scopeOf = (question: Parameters<typeof planJourney>[0]) =>
  planJourney({ from: 0, to: nowUs, ...question }, active, nowUs);

describe('visits as of an instant', () => {
  const stored: readonly Stored[] = [
    { stage: 1, entered: 10, outcome: 'advanced', ended: 20, last: 20, next: 2 },
    { stage: 2, entered: 20, outcome: 'lost', ended: 40, last: 40 },
    { stage: 1, entered: 50, outcome: 'silent', ended: 65, last: 55 },
    { stage: 1, entered: 80, outcome: 'open', ended: 0, last: 85 },
  ];

  const answers: readonly (readonly [number, readonly string[]])[] = [
    [9, []],
    [10, ['1 10 0 0 10 0  0']],
    [19, ['1 10 0 0 19 0  0']],
    [20, ['1 10 1 20 20 2  0', '2 20 0 0 20 0  0']],
    [65, ['1 10 1 20 20 2  0', '2 20 3 40 40 0  0', '1 50 0 0 65 0  0']],
    [66, ['1 10 1 20 20 2  0', '2 20 3 40 40 0  0', '1 50 4 65 65 0  0']],
    [82, ['1 10 1 20 20 2  0', '2 20 3 40 40 0  0', '1 50 4 65 65 0  0', '1 80 0 0 82 0  0']],
    [95, ['1 10 1 20 20 2  0', '2 20 3 40 40 0  0', '1 50 4 65 65 0  0', '1 80 0 0 95 0  0']],
    [96, ['1 10 1 20 20 2  0', '2 20 3 40 40 0  0', '1 50 4 65 65 0  0', '1 80 4 95 95 0  0']],
  ];

  test('advanced, lost, silent and open follow from the asOf alone', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    await store(clickhouse, 1, stored);
    await store(clickhouse, 1, [{ stage: 1, entered: 1, outcome: 'open', ended: 0, last: 1 }], 8);
    for (const [day, expected] of answers) {
      const rows = await ask(clickhouse, scopeOf({ asOf: day * dayUs, count: 'visits' }));
      expect(rows, `day ${day}`).toEqual(expected);
    }
  });

  test('each unit once per stage, segment and bucket, unless visits are counted', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    await store(clickhouse, 1, [
      { stage: 1, entered: 35, outcome: 'lost', ended: 36, last: 36 },
      { stage: 1, entered: 40, outcome: 'lost', ended: 41, last: 41 },
      { stage: 1, entered: 42, outcome: 'advanced', ended: 43, last: 43, next: 2, plan: 'starter' },
      { stage: 2, entered: 43, outcome: 'open', ended: 0, last: 43, plan: 'starter' },
      { stage: 1, entered: 90, outcome: 'open', ended: 0, last: 90 },
    ]);
    const entered = async (question: Parameters<typeof planJourney>[0]) =>
      (await ask(clickhouse, scopeOf({ from: 38 * dayUs, ...question }))).map((text) => Number(text.split(' ')[1]));
    expect(await entered({})).toEqual([40, 43]);
    expect(await entered({ count: 'visits' })).toEqual([40, 42, 43, 90]);
    expect(await entered({ by: 'plan' })).toEqual([40, 42, 43]);
    expect(await entered({ segment: 'plan:starter' })).toEqual([42, 43]);
    expect(await entered({ segment: ['plan:starter', 'plan:pro', 'region:jp'] })).toEqual([40, 43]);
    expect(await entered({ segment: ['plan:starter', 'region:de'] })).toEqual([]);
    expect(await entered({ interval: 'month' })).toEqual([40, 43, 90]);
    expect(await entered({ to: 43 * dayUs })).toEqual([40]);
    const buckets = await ask(
      clickhouse,
      scopeOf({ from: 38 * dayUs, interval: 'month', timezone: 'Asia/Tokyo', by: 'plan' }),
    );
    expect(buckets.map((text) => text.split(' ').slice(-2).join(' '))).toEqual([
      'pro 30.625',
      'starter 30.625',
      'starter 30.625',
      'pro 89.625',
    ]);
  });
});

describe('a question is decided', () => {
  test('defaults', () => {
    const scope = planJourney({}, active, nowUs);
    expect(scope).toMatchObject({ fromUs: 10 * dayUs, toUs: nowUs, asOfUs: nowUs, count: 'customers', by: null });
    expect(planJourney({ asOf: 50 * dayUs, from: 0 }, active, nowUs)).toMatchObject({ fromUs: 0, toUs: 50 * dayUs });
  });

  test('what the journey has not is named with what it has', () => {
    const decide = () => planJourney({ by: 'plann', segment: 'area:x' }, active, nowUs);
    expect(decide).toThrow(
      expect.objectContaining({
        code: 'INVALID_JOURNEY_QUESTION',
        problems: [
          expect.objectContaining({ pointer: '/segment', given: 'area', known: ['plan', 'region'] }),
          expect.objectContaining({ pointer: '/by', given: 'plann' }),
        ],
      }),
    );
    expect(() => planJourney({ from: 5, to: 5 }, active, nowUs)).toThrow(/later than from/);
    expect(() => planJourney({ from: 0, to: 21 * 366 * dayUs }, active, nowUs)).toThrow(/20 years/);
    expect(() => planJourney({ from: 0, to: 300 * dayUs, interval: 'hour' }, active, nowUs)).toThrow(/5000 buckets/);
    expect(stageNumber(journey, 'second', '/stage')).toBe(2);
    expect(() => stageNumber(journey, 'third', '/stage')).toThrow(/no stage of the journey j/);
  });
});
