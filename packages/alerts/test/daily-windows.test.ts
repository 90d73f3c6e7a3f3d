import { calendarOf, planStage, rangeOf, readingOf } from '@michinori/alerts';
import type { Stage } from '@michinori/journey';
import { describe, expect, it } from 'vitest';
import { dayUs, ruleOf } from './helpers.ts';

const weekly = ruleOf({ windowDays: 7, baselineDays: 28 });

const stageOf = (horizonUs = dayUs): Stage => ({
  ...{ id: 'booking', title: {}, enter: [], touchpoints: [], expectedUs: null, lostAfterUs: null },
  ...{ horizonUs, goals: [], terminal: false, effort: 3 },
});
const key = { stage: 'booking', segment: 'plan:pro', touchpoint: null };

describe('days in windows', () => {
  it.each(['UTC', 'Asia/Tokyo', 'America/New_York', 'Europe/Berlin', 'Pacific/Apia', 'Asia/Kathmandu'])(
    'are each in one window, without gaps, also where clocks shift (%s)',
    (timezone) => {
      const calendar = calendarOf(timezone);
      const stage = stageOf(2.5 * dayUs);
      for (const month of [2, 3, 9, 10, 11]) {
        const evaluationUs = Date.UTC(2026, month, 3, 6) * 1000;
        const plan = planStage(weekly, stage, calendar, evaluationUs);
        const last = calendar.dayOf(evaluationUs - 2.5 * dayUs) - 1;
        const days = Array.from({ length: 60 }, (_, i) => ({ day: last - i + 3, n: 1, k: i % 2 }));
        const events = new Map(days.map(({ day }) => [day, day]));
        const reading = readingOf(plan, key, { days, events }, calendar);
        if (reading.status !== 'read') throw new Error('not read');
        const windows = [reading.current, ...reading.baseline];
        expect(windows.map(({ n }) => n)).toEqual([7, 7, 7, 7, 7]);
        expect(windows.map(({ k }) => k).reduce((sum, k) => sum + k)).toBe(18);
        // Seven days and two of the horizon: nine days, the newest of them before the day of the evaluation.
        expect(reading.current.events).toBe(9 * (last - 2));
        expect(reading.baseline[0]?.events).toBe(9 * (last - 9));
        expect(last + 2).toBeLessThan(calendar.dayOf(evaluationUs));
        expect(rangeOf([plan])).toEqual({ fromUs: windows.at(-1)?.fromUs, toUs: reading.current.toUs });
      }
    },
  );

  it('are empty where nobody came', () => {
    const calendar = calendarOf('UTC');
    const plan = planStage(weekly, stageOf(), calendar, 20_000 * dayUs);
    const reading = readingOf(plan, key, { days: [], events: new Map() }, calendar);
    expect(reading).toMatchObject({ status: 'read', key, current: { n: 0, k: 0, events: 0 } });
    expect(rangeOf([])).toBeNull();
  });
});
