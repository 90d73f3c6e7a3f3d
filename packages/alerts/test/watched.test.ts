import {
  calendarOf,
  isWatched,
  judgedAfterUs,
  learnedAsOfUs,
  type RuleState,
  retireSeries,
  watchedStages,
} from '@michinori/alerts';
import type { Journey } from '@michinori/journey';
import { describe, expect, it } from 'vitest';
import { ruleOf } from './helpers.ts';

const stage = (id: string, fields: Partial<Journey['stages'][number]> = {}): Journey['stages'][number] => ({
  ...{ id, title: { en: id }, enter: [], touchpoints: [], expectedUs: null, lostAfterUs: null },
  ...{ horizonUs: 30, goals: [], terminal: false, effort: 3, ...fields },
});
const journey: Journey = {
  ...{ id: 'j', version: 1, title: {}, unit: 'customer', timezone: 'UTC', progress: 'forward', activity: 'any' },
  ...{ personas: [], segments: ['plan'], exit: [] },
  stages: [stage('a', { expectedUs: 10 }), stage('b'), stage('end', { terminal: true })],
};
const [a, b] = [journey.stages[0], journey.stages[1]];
if (a === undefined || b === undefined) throw new Error('no stages');

describe('when an entry is judged', () => {
  it.each([
    ['stage-drop-off', 30, 30],
    ['touchpoint-drop-off', 30, 30],
    ['stalled-share', 10, 30],
    ['volume', 0, 0],
  ] as const)('%s: by the stage, unless the rule says when', (kind, ofA, ofB) => {
    expect([judgedAfterUs({ kind, horizonUs: null }, a), judgedAfterUs({ kind, horizonUs: null }, b)]).toEqual([
      ofA,
      ofB,
    ]);
    expect(judgedAfterUs({ kind, horizonUs: 7 }, a, 20)).toBe(7);
    expect(judgedAfterUs({ kind, horizonUs: null }, a, 20)).toBe(kind === 'stalled-share' ? 20 : ofA);
  });

  it('by what was learned up to a Monday before everything that counts as usual', () => {
    const dayUs = 86_400_000_000;
    const calendar = calendarOf('Asia/Tokyo');
    const stages = [stage('a', { horizonUs: 3.5 * dayUs }), stage('b', { horizonUs: dayUs })];
    const rule = { windowDays: 7, baselineDays: 28 };
    const asOf = (iso: string) => {
      const us = learnedAsOfUs(rule, stages, calendar, Date.parse(iso) * 1000);
      return new Date(us / 1000).toISOString();
    };
    // Mondays 28 days apart: 28 September, 26 October. 39 days before 4 December is 26 October.
    expect(asOf('2026-12-04T06:00:00Z')).toBe('2026-10-25T15:00:00.000Z');
    expect(asOf('2026-12-31T06:00:00Z')).toBe('2026-10-25T15:00:00.000Z');
    expect(asOf('2027-01-01T06:00:00Z')).toBe('2026-11-22T15:00:00.000Z');
    expect(asOf('2026-12-03T06:00:00Z')).toBe('2026-09-27T15:00:00.000Z');
  });
});

describe('what a rule watches', () => {
  it('are the stages that it names, else all that can be left; only a volume has the last one', () => {
    const ids = (fields: Parameters<typeof ruleOf>[0]) => watchedStages(ruleOf(fields), journey).map(({ id }) => id);
    expect(ids({})).toEqual(['a', 'b']);
    expect(ids({ kind: 'volume' })).toEqual(['a', 'b']);
    expect(ids({ stages: ['end', 'b', 'gone'] })).toEqual(['b']);
    expect(ids({ kind: 'volume', stages: ['end'] })).toEqual(['end']);
  });

  it('are the series of these stages, of its segments, of touchpoints where they are watched', () => {
    const key = { stage: 'a', segment: '', touchpoint: null };
    const rule = ruleOf({ by: ['plan', 'region'] });
    expect(isWatched(rule, journey, key)).toBe(true);
    expect(isWatched(rule, journey, { ...key, segment: 'plan:a:b' })).toBe(true);
    expect(isWatched(rule, journey, { ...key, segment: 'region:x' })).toBe(false);
    expect(isWatched(ruleOf({}), journey, { ...key, segment: 'plan:a' })).toBe(false);
    expect(isWatched(rule, journey, { ...key, stage: 'end' })).toBe(false);
    expect(isWatched(rule, journey, { ...key, touchpoint: 't' })).toBe(false);
    expect(isWatched(ruleOf({ kind: 'touchpoint-drop-off' }), journey, { ...key, touchpoint: 't' })).toBe(true);
  });
});

it('ends the episodes of series that are gone, and leaves the others as they are', () => {
  const series = ['a', 'b', 'c'].map((id, i): RuleState['series'][number] => ({
    ...{ key: { stage: id, segment: '', touchpoint: null }, state: 'firing', alarming: 0, calm: 0, judgedUs: 5 },
    episode: { id, startedUs: 1, windowFromUs: 0, firedUs: i === 1 ? null : 3 },
  }));
  const state: RuleState = { rule: 'r', evaluatedUs: 5, series };
  const retired = retireSeries(state, ({ stage: id }) => id !== 'c', 9);
  expect(retired.state).toEqual({ rule: 'r', evaluatedUs: 5, series: [series[2]] });
  expect(retired.transitions.map(({ id, kind, atUs, reason }) => [id, kind, atUs, reason])).toEqual([
    ['a:resolved', 'resolved', 9, 'retired'],
    ['b:dropped', 'dropped', 9, 'retired'],
  ]);
});
