import { describe, expect, it } from 'vitest';
import { backfillInstants, dueEvaluations, nightlyInstants } from '../../src/health/instants.ts';

const hourUs = 3_600_000_000;
const dayUs = 24 * hourUs;
const tokyo = { timezone: 'Asia/Tokyo', hour: 3 };
const options = { ...tokyo, backfill: true, catchUpMax: 3 };
// 3 o'clock in Tokyo is 18 o'clock the day before in UTC.
const nightUs = Date.UTC(2026, 5, 9, 18) * 1000;
const nowUs = nightUs + 5 * hourUs;

describe('the instants of an evaluation', () => {
  it('are one a day, by the clock of the journey', () => {
    expect(nightlyInstants(tokyo, nightUs - 2 * dayUs, nowUs, 10)).toEqual([nightUs - dayUs, nightUs]);
    expect(nightlyInstants(tokyo, nightUs - dayUs, nightUs - 1, 10)).toEqual([]);
    expect(nightlyInstants(tokyo, nightUs - dayUs, nightUs, 10)).toEqual([nightUs]);
  });

  it('move with the clocks of the journey', () => {
    const berlin = { timezone: 'Europe/Berlin', hour: 6 };
    const [before, after] = nightlyInstants(
      berlin,
      Date.UTC(2026, 9, 23, 12) * 1000,
      Date.UTC(2026, 9, 26, 12) * 1000,
      10,
    ).slice(0, 3);
    expect(before).toBe(Date.UTC(2026, 9, 24, 4) * 1000);
    expect(after).toBe(Date.UTC(2026, 9, 25, 4) * 1000);
  });

  it('of a history are every day of a week and every week of half a year', () => {
    const instants = backfillInstants(tokyo, nowUs);
    expect(instants.slice(-8)).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map((days) => nightUs - days * dayUs));
    expect(instants.slice(0, -8)).toEqual(Array.from({ length: 25 }, (_, i) => nightUs - (26 - i) * 7 * dayUs));
  });
});

describe('what is due', () => {
  const history = backfillInstants(tokyo, nowUs);
  const done = (asOfUs: number, isBackfilled: boolean) => ({ asOfUs, evaluatedUs: nowUs, isBackfilled });

  it('is a history at first, or the newest instant alone', () => {
    expect(dueEvaluations([], nowUs, options)).toEqual(history.map((asOfUs) => ({ asOfUs, isBackfilled: true })));
    expect(dueEvaluations([], nowUs, { ...options, backfill: false })).toEqual([
      { asOfUs: nightUs, isBackfilled: true },
    ]);
  });

  it('is the rest of a history that was broken off, and what came since', () => {
    const some = history.slice(0, 5).map((asOfUs) => done(asOfUs, true));
    const due = dueEvaluations(some, nowUs + 2 * dayUs, options);
    expect(due).toEqual([
      ...history.slice(5).map((asOfUs) => ({ asOfUs, isBackfilled: true })),
      { asOfUs: nightUs + dayUs, isBackfilled: false },
      { asOfUs: nightUs + 2 * dayUs, isBackfilled: false },
    ]);
  });

  it('is nothing twice, and of what was missed the newest', () => {
    const all = [done(history[0] ?? 0, true), done(nightUs, true)];
    expect(dueEvaluations(all, nowUs, options)).toEqual([]);
    const late = dueEvaluations([...all, done(nightUs + dayUs, false)], nowUs + 9 * dayUs, options);
    expect(late).toEqual([7, 8, 9].map((days) => ({ asOfUs: nightUs + days * dayUs, isBackfilled: false })));
    expect(dueEvaluations([done(nightUs + dayUs, false)], nowUs, options)).toEqual([]);
  });
});
