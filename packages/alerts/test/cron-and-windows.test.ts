import { calendarOf, evaluationsDue, groupOf, parseCron, planWindows, weekdayOf } from '@michinori/alerts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayUs } from './helpers.ts';

const us = (iso: string) => Date.parse(iso) * 1000;
const iso = (instantUs: number) => new Date(instantUs / 1000).toISOString().replace(/:00\.000Z$/, 'Z');
const cronOf = (text: string) => {
  const parsed = parseCron(text);
  if ('message' in parsed) throw new Error(parsed.message);
  return parsed.cron;
};

describe('schedules', () => {
  const from = us('2026-02-26T12:00:00Z');
  const until = us('2026-03-03T12:00:00Z');
  test.each([
    [
      '0 6 * * *',
      ['2026-02-27T06:00Z', '2026-02-28T06:00Z', '2026-03-01T06:00Z', '2026-03-02T06:00Z', '2026-03-03T06:00Z'],
    ],
    ['30 5,18 * * 1', ['2026-03-02T05:30Z', '2026-03-02T18:30Z']],
    ['0 0 1 * *', ['2026-03-01T00:00Z']],
    ['0 0 1 * 7', ['2026-03-01T00:00Z']],
    ['0 0 28 2 1', ['2026-02-28T00:00Z']],
    ['0 */12 28-31 2 *', ['2026-02-28T00:00Z', '2026-02-28T12:00Z']],
    ['15 3 * 4-5 *', []],
  ])('%s', (text, expected) => {
    expect(evaluationsDue(cronOf(text), from, until).map(iso)).toEqual(expected);
  });

  test('the last evaluation is not due again, and the newest instant is due', () => {
    const cron = cronOf('0 6 * * *');
    const [six, next] = [us('2026-03-01T06:00:00Z'), us('2026-03-02T06:00:00Z')];
    expect(evaluationsDue(cron, six, six)).toEqual([]);
    expect(evaluationsDue(cron, six, next - 1)).toEqual([]);
    expect(evaluationsDue(cron, six, next)).toEqual([next]);
    expect(evaluationsDue(cron, null, next + 5)).toEqual([next]);
    expect(evaluationsDue(cron, six - 30 * dayUs, six, 3).map(iso)).toEqual([
      '2026-02-27T06:00Z',
      '2026-02-28T06:00Z',
      '2026-03-01T06:00Z',
    ]);
  });

  test('a sum of short looks sees what one long look sees', () => {
    const cron = cronOf('*/40 1-22/3 * * 2,4');
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 200 * 3_600_000 }), { minLength: 1, maxLength: 20 }),
        (stepsMs) => {
          const instants = [
            from,
            ...stepsMs.map((_, i) => from + 1000 * stepsMs.slice(0, i + 1).reduce((a, b) => a + b, 0)),
          ];
          const looks = instants.slice(1).flatMap((now, i) => evaluationsDue(cron, instants[i] ?? 0, now, 10_000));
          expect(looks).toEqual(evaluationsDue(cron, from, instants.at(-1) ?? from, 100_000));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('how often a week', () => {
    expect(cronOf('0 6 * * *').perWeek).toBeCloseTo(7, 9);
    expect(cronOf('*/15 * * * *').perWeek).toBeCloseTo(672, 9);
    expect(cronOf('0 6 * * 1').perWeek).toBeCloseTo(1, 2);
    expect(cronOf('0 6 1 * *').perWeek).toBeCloseTo(84 / 365.25, 3);
  });

  test.each([
    '',
    '* * * *',
    '0 6 * * * *',
    '60 0 * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 31 2 *',
    '0 0 * 13 *',
    '0 0 * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    'a * * * *',
    '1,,2 * * * *',
    '0 0 * * MON',
  ])('refuses %j', (text) => {
    expect(parseCron(text)).toHaveProperty('message');
  });
});

describe('windows', () => {
  const rule = { windowDays: 7, baselineDays: 84 };

  test('end when every entry is judged, on midnights of the time zone, and follow each other without gaps', () => {
    const calendar = calendarOf('Asia/Tokyo');
    const { current, baseline } = planWindows(rule, 30 * dayUs, calendar, us('2026-11-22T06:00:00Z'));
    expect([iso(current.fromUs), iso(current.toUs), current.weekday]).toEqual([
      '2026-10-15T15:00Z',
      '2026-10-22T15:00Z',
      5,
    ]);
    expect(baseline).toHaveLength(12);
    const ends = [current, ...baseline];
    for (const [i, window] of baseline.entries()) {
      expect(window.toUs).toBe(ends[i]?.fromUs);
      expect(window.toUs - window.fromUs).toBe(7 * dayUs);
    }
    const atMidnight = planWindows(rule, 30 * dayUs, calendar, current.toUs + 30 * dayUs);
    expect(atMidnight.current).toEqual(current);
    const before = planWindows(rule, 30 * dayUs, calendar, current.toUs + 30 * dayUs - 1);
    expect(before.current.toUs).toBe(current.toUs - dayUs);
  });

  test('keep whole days where the clocks change', () => {
    const calendar = calendarOf('Europe/Berlin');
    const { current, baseline } = planWindows(
      { windowDays: 1, baselineDays: 4 },
      0,
      calendar,
      us('2026-03-30T12:00:00Z'),
    );
    const hours = [current, ...baseline].map(({ fromUs, toUs }) => (toUs - fromUs) / 3_600_000_000);
    expect(hours).toEqual([23, 24, 24, 24, 24]);
    expect(iso(current.fromUs)).toBe('2026-03-28T23:00Z');
    expect([current, ...baseline].map(({ weekday }) => weekday)).toEqual([0, 6, 5, 4, 3]);
  });

  test.each([
    'UTC',
    'Asia/Tokyo',
    'America/St_Johns',
    'Pacific/Apia',
    'Pacific/Kiritimati',
    'America/Havana',
    'Asia/Kathmandu',
  ])('every instant lies in its day: %s', (timezone) => {
    const calendar = calendarOf(timezone);
    const years = fc.integer({ min: us('2005-01-01T00:00:00Z'), max: us('2035-01-01T00:00:00Z') });
    fc.assert(
      fc.property(years, (instantUs) => {
        const day = calendar.dayOf(instantUs);
        expect(calendar.startOf(day)).toBeLessThanOrEqual(instantUs);
        expect(calendar.startOf(day + 1)).toBeGreaterThan(instantUs);
        expect(calendar.dayOf(calendar.startOf(day))).toBe(day);
        expect(calendar.dayOf(calendar.startOf(day) - 1)).toBeLessThan(day);
      }),
      { numRuns: 60 },
    );
  });

  test('are alike by the weekday on which they begin, unless they are whole weeks', () => {
    const window = { fromUs: 0, toUs: dayUs, weekday: weekdayOf(0) };
    expect(window.weekday).toBe(4);
    expect(weekdayOf(-4)).toBe(0);
    expect(groupOf({ windowDays: 3 }, window)).toBe(4);
    expect(groupOf({ windowDays: 14 }, window)).toBe(0);
  });

  test('an unknown time zone is an error', () => {
    expect(() => calendarOf('Asia/Edo')).toThrow(RangeError);
  });
});
