import {
  backtest,
  calendarOf,
  type DailySeries,
  type History,
  noState,
  pastReadings,
  replay,
  type SeriesReading,
} from '@michinori/alerts';
import type { Journey } from '@michinori/journey';
import { describe, expect, it } from 'vitest';
import { dayUs, ruleOf } from './helpers.ts';

const stage = (id: string): Journey['stages'][number] => ({
  ...{ id, title: {}, enter: [], touchpoints: [], expectedUs: null, lostAfterUs: null },
  ...{ horizonUs: dayUs, goals: [], terminal: false, effort: 3 },
});
const journey: Journey = {
  ...{ id: 'j', version: 1, title: {}, unit: 'customer', timezone: 'UTC', progress: 'forward', activity: 'any' },
  ...{ personas: [], segments: ['plan'], exit: [], stages: [stage('a')] },
};
const rule = ruleOf({ windowDays: 1, baselineDays: 4, by: ['plan'], consecutive: 1 });
const today = 20_000;
const atUs = today * dayUs + 6 * 3_600_000_000;
const series = (value: string, days: [number, number, number][]): DailySeries => ({
  ...{ stage: 'a', value, touchpoint: null, days: days.map(([day, n, k]) => ({ day, n, k })) },
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const history = (parts: Partial<History> = {}): History => ({
  series: new Map([
    [
      null,
      [
        series(
          '',
          range(today - 400, today).map((day) => [day, 50, 10]),
        ),
      ],
    ],
    [
      'plan',
      [
        series('pro', [[today - 2, 30, 5]]),
        series('free', [[today - 3, 20, 5]]),
        series('old', [[today - 300, 99, 9]]),
      ],
    ],
  ]),
  events: new Map(range(today - 10, today).map((day) => [day, 7])),
  latestUs: new Map([[atUs, atUs - dayUs / 2]]),
  corrections: new Map(),
  learned: new Map(),
  ...parts,
});
const options = { calendar: calendarOf('UTC'), seriesMax: 10, lateAfterMs: 86_400_000 };
const current = (readings: readonly SeriesReading[]) =>
  readings.map((each) => [
    each.key.segment,
    each.status === 'read' ? `${each.current.k} of ${each.current.n}, ${each.current.events}` : each.status,
  ]);

describe('readings of the past', () => {
  it('are of the windows of the evaluation, of series that have entries in them', () => {
    const readings = pastReadings(rule, journey, history(), options)(atUs, noState('r'));
    expect(current(readings)).toEqual([
      ['', '10 of 50, 14'],
      ['plan:pro', '5 of 30, 14'],
      ['plan:free', '0 of 0, 14'],
    ]);
  });

  it('take corrections of their evaluation, of entries and of events, also of series that are known by them only', () => {
    const correction = {
      series: new Map([
        [null, [series('', [[today - 2, -20, 15]])]],
        ['plan', [series('new', [[today - 2, 3, 1]]), series('pro', [[today - 2, -30, -5]])]],
      ]),
      events: new Map([[today - 1, -5]]),
    };
    const given = history({ corrections: new Map([[atUs, correction]]) });
    expect(current(pastReadings(rule, journey, given, options)(atUs, noState('r')))).toEqual([
      ...[
        ['', '25 of 30, 9'],
        ['plan:free', '0 of 0, 9'],
        ['plan:new', '1 of 3, 9'],
      ],
    ]);
    const others = history({ corrections: new Map([[atUs + 1, correction]]) });
    expect(current(pastReadings(rule, journey, others, options)(atUs, noState('r')))[0]).toEqual(['', '10 of 50, 14']);
  });

  it('are late data where nothing came for long, and not before anything came', () => {
    const late = history({ latestUs: new Map([[atUs, atUs - dayUs - 1]]) });
    expect(current(pastReadings(rule, journey, late, options)(atUs, noState('r')))).toEqual([['', 'late-data']]);
    const sharp = history({ latestUs: new Map([[atUs, atUs - dayUs]]) });
    expect(current(pastReadings(rule, journey, sharp, options)(atUs, noState('r')))[0]?.[1]).toMatch(/of/);
    const none = history({ latestUs: new Map() });
    expect(current(pastReadings(rule, journey, none, options)(atUs, noState('r')))[0]?.[1]).toMatch(/of/);
  });

  it('keep the largest series of a segment, and those whose episode is open', () => {
    const few = { ...options, seriesMax: 1 };
    const segments = (state = noState('r')) =>
      pastReadings(rule, journey, history(), few)(atUs, state).map(({ key }) => key.segment);
    expect(segments()).toEqual(['', 'plan:pro']);
    const key = { stage: 'a', segment: 'plan:free', touchpoint: null };
    const episode = { id: 'e', startedUs: 1, windowFromUs: 0, firedUs: 1 };
    const open = { key, state: 'firing' as const, episode, alarming: 1, calm: 0, judgedUs: 1 };
    expect(segments({ ...noState('r'), series: [open] })).toEqual(['', 'plan:free']);
  });
});

it('a replay is a back-test, one evaluation at a time, and hands over what is remembered', () => {
  const instants = [atUs - 2 * dayUs, atUs - dayUs, atUs];
  const readAt = pastReadings(rule, journey, history({ latestUs: new Map() }), options);
  const seen: number[] = [];
  const replayed = [
    ...replay(rule, instants, (us, before) => {
      seen.push(before.evaluatedUs ?? 0);
      return readAt(us, before);
    }),
  ];
  expect(seen).toEqual([0, ...instants.slice(0, 2)]);
  const evaluations = instants.map((us) => ({ evaluationUs: us, readings: readAt(us, noState('r')) }));
  expect(replayed.at(-1)?.state).toEqual(backtest(rule, evaluations).state);
  expect(replayed.map(({ evaluation }) => evaluation.verdicts.length)).toEqual([1, 2, 3]);
});
