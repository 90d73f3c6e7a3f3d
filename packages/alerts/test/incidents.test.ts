import {
  alarmRate,
  calendarOf,
  judgeAlarms,
  matureUs,
  type PastAlarm,
  pastAlarms,
  type SeriesKey,
  type Transition,
  touchesSeries,
} from '@michinori/alerts';
import { describe, expect, it } from 'vitest';
import { dayUs, ruleOf } from './helpers.ts';

const calendar = calendarOf('Asia/Tokyo');
/** Midnight in Tokyo of a day counted from 1970. */
const tokyo = (day: number) => day * dayUs - 9 * 3_600_000_000;
const rule = ruleOf({ windowDays: 7 });
const key = (segment = ''): SeriesKey => ({ stage: 'a', segment, touchpoint: null });

/** An alarm whose windows alarmed from that of `day` to that which ended on `endDay`, fired at six in UTC `firedDay`. */
function alarm(day: number, endDay: number, firedDay: number, own = key()): PastAlarm {
  const episode = { id: `e${day}`, startedUs: firedDay * dayUs, windowFromUs: tokyo(day), firedUs: firedDay * dayUs };
  const figures = { window: { fromUs: tokyo(endDay - 7), toUs: tokyo(endDay) } } as NonNullable<
    NonNullable<Transition['verdict']>['figures']
  >;
  const verdict = { key: own, finding: 'alarming' as const, figures, q: 0 };
  const fired: Transition = {
    ...{ id: 'x', kind: 'fired', atUs: firedDay * dayUs, rule: 'r', key: own, episode, reason: null, verdict },
  };
  const [made] = pastAlarms([fired]);
  if (made === undefined) throw new Error('no alarm');
  return made;
}

describe('an incident', () => {
  it.each([
    [null, null, '', true],
    ['a', null, 'plan:pro', true],
    ['b', null, '', false],
    ['a', 'plan:pro', 'plan:pro', true],
    ['a', 'plan:pro', '', true],
    ['a', 'plan:pro', 'plan:free', false],
    ['a', 'plan:pro', 'region:emea', true],
    [null, 'plan:a:b', 'plan:a', false],
  ])('at stage %j of %j touches the series %j: %j', (stage, segment, own, is) => {
    expect(touchesSeries({ stage, segment }, key(own))).toBe(is);
  });

  it('can be judged once a window of it, or all of it where it is shorter, has passed the horizon', () => {
    const days = (count: number) => ({ fromUs: tokyo(100), toUs: tokyo(100 + count) });
    const at = (count: number, windowDays: number) =>
      (matureUs({ windowDays }, days(count), 3 * dayUs, calendar) - tokyo(100)) / dayUs;
    expect([at(5, 7), at(5, 1), at(5, 5), at(20, 7), at(1, 7)]).toEqual([8, 4, 8, 10, 4]);
    // It may begin and end within a day.
    const short = { fromUs: tokyo(100) + 5, toUs: tokyo(100) + 10 };
    expect((matureUs({ windowDays: 7 }, short, 0, calendar) - tokyo(100)) / dayUs).toBe(1);
  });
});

describe('an alarm', () => {
  const judge = (alarms: PastAlarm[], spans: [number, number][]) =>
    judgeAlarms(
      rule,
      alarms,
      spans.map(([from, to]) => ({ fromUs: tokyo(from), toUs: tokyo(to), stage: null, segment: null })),
      { calendar, horizonOf: () => 3 * dayUs },
    );

  it('is of the incident that overlaps its windows, and false otherwise, to the very end of both', () => {
    const given = alarm(100, 108, 112);
    const places = (spans: [number, number][]) => judge([given], spans).map(({ incident }) => incident);
    expect(places([[107, 109]])).toEqual([0]);
    expect(places([[108, 110]])).toEqual([null]);
    expect(places([[90, 100]])).toEqual([null]);
    expect(places([[90, 101]])).toEqual([0]);
    // Of several the one that began last.
    expect(
      places([
        [90, 120],
        [104, 106],
        [102, 106],
      ]),
    ).toEqual([1]);
    expect(places([])).toEqual([null]);
  });

  it('has its delay from the beginning, and from when the incident could be judged', () => {
    const [judged] = judge([alarm(100, 107, 112)], [[102, 106]]);
    expect(judged?.delayUs).toBe(112 * dayUs - tokyo(102));
    expect(judged?.delayAfterMatureUs).toBe(112 * dayUs - (tokyo(106) + 3 * dayUs));
    const [none] = judge([alarm(100, 107, 112)], []);
    expect([none?.delayUs, none?.delayAfterMatureUs]).toEqual([null, null]);
  });
});

it('alarms are the episodes that fired, with their ends', () => {
  const first = alarm(100, 107, 112);
  const end = { ...first.fired, kind: 'resolved' as const, atUs: 120 * dayUs, reason: 'calm' as const };
  const started = { ...first.fired, kind: 'started' as const };
  const dropped = { ...end, kind: 'dropped' as const, episode: { ...first.fired.episode, id: 'other' } };
  const found = pastAlarms([started, dropped, first.fired, end, alarm(200, 207, 212).fired]);
  expect(found.map(({ episode, resolvedUs, reason }) => [episode, resolvedUs, reason])).toEqual([
    ['e100', 120 * dayUs, 'calm'],
    ['e200', null, null],
  ]);
});

describe('the rate of alarms', () => {
  it.each([
    [0, 10, 0.1, 'yes'],
    [1, 10, 0.1, 'yes'],
    [2, 10, 0.1, 'unclear'],
    [10, 10, 0.1, 'no'],
    [3, 0, 0.1, null],
  ])('%d in %d weeks with a budget of %d: %s', (count, weeks, budget, within) => {
    const rate = alarmRate(count, weeks, budget);
    expect(rate.withinBudget).toBe(within);
    if (weeks > 0) expect(rate.perWeek).toBeCloseTo(count / weeks, 12);
  });
});
