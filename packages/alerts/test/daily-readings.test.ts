import {
  calendarOf,
  dailyReadings,
  knownBy,
  knownSeries,
  noState,
  planStage,
  type RuleState,
  readingsBy,
  type SeriesKey,
  segmentValue,
  seriesKeyOf,
} from '@michinori/alerts';
import type { Journey } from '@michinori/journey';
import { expect, it } from 'vitest';
import { dayUs, ruleOf } from './helpers.ts';

const stage = (id: string): Journey['stages'][number] => ({
  ...{ id, title: {}, enter: [], touchpoints: [], expectedUs: null, lostAfterUs: null },
  ...{ horizonUs: dayUs, goals: [], terminal: false, effort: 3 },
});
const journey: Journey = {
  ...{ id: 'j', version: 1, title: {}, unit: 'customer', timezone: 'UTC', progress: 'forward', activity: 'any' },
  ...{ personas: [], segments: ['plan'], exit: [], stages: [stage('a'), stage('b')] },
};
const rule = ruleOf({ windowDays: 1, baselineDays: 4, by: ['plan', 'region'] });
const calendar = calendarOf('UTC');
const today = 20_000;
const plans = journey.stages.map((each) => planStage(rule, each, calendar, today * dayUs));
const keyOf = (stageId: string, segment: string): SeriesKey => ({ stage: stageId, segment, touchpoint: null });

function stateWith(keys: readonly SeriesKey[]): RuleState {
  const episode = { id: 'e', startedUs: 1, windowFromUs: 0, firedUs: 1 };
  const series = keys.map((key) => ({
    ...{ key, state: 'firing' as const, episode },
    ...{ alarming: 1, calm: 0, judgedUs: 1 },
  }));
  return { ...noState('r'), series };
}

it('a key names its segment and value, also with colons in it', () => {
  for (const value of ['pro', '', 'a:b']) {
    const key = seriesKeyOf({ stage: 'a', value, touchpoint: 't' }, 'plan');
    expect(key).toEqual({ stage: 'a', segment: `plan:${value}`, touchpoint: 't' });
    expect(segmentValue(key)).toBe(value);
  }
  expect(seriesKeyOf({ stage: 'a', value: '', touchpoint: null }, null)).toEqual(keyOf('a', ''));
});

it('everybody and open episodes that are still watched are known, each by its segment', () => {
  const open = [keyOf('a', 'plan:pro'), keyOf('a', ''), keyOf('gone', ''), keyOf('a', 'region:emea')];
  const known = knownSeries(rule, journey, plans, stateWith(open));
  expect(known).toEqual([keyOf('a', ''), keyOf('b', ''), keyOf('a', 'plan:pro')]);
  expect(knownBy(known, 'plan')).toEqual([keyOf('a', 'plan:pro')]);
  expect(knownBy(known, null)).toEqual([keyOf('a', ''), keyOf('b', '')]);
  expect(readingsBy(rule, journey)).toEqual([null, 'plan']);
  expect(knownSeries({ ...rule, kind: 'touchpoint-drop-off' }, journey, plans, noState('r'))).toEqual([]);
});

it('a reading is of every series that is known or counted, once, and of watched stages only', () => {
  const counted = (stageId: string, value: string) => ({
    ...{ stage: stageId, value, touchpoint: null, days: [{ day: today - 2, n: 9, k: 4 }] },
  });
  const series = [counted('a', 'pro'), counted('b', 'free'), counted('other', 'pro')];
  const known = [keyOf('a', 'plan:pro'), keyOf('b', 'plan:pro')];
  const readings = dailyReadings(plans, { by: 'plan', known, series }, new Map([[today - 1, 7]]), calendar);
  const shown = readings.map((reading) =>
    reading.status === 'read' ? [reading.key.stage, reading.key.segment, reading.current.n, reading.current.k] : [],
  );
  expect(shown).toEqual([
    ['a', 'plan:pro', 9, 4],
    ['b', 'plan:pro', 0, 0],
    ['b', 'plan:free', 9, 4],
  ]);
  expect(readings[0]).toMatchObject({ current: { events: 7 } });
});
