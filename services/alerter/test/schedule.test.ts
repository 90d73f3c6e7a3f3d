import { ConfigError } from '@michinori/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadAlerterConfig } from '../src/index.ts';
import { isSchedule, startCron } from '../src/schedule.ts';

const start = Date.UTC(2026, 0, 5, 9, 0, 30);

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('cron', () => {
  it('calls at the instants of the expression, in UTC, and never after it was stopped', async () => {
    const instants: string[] = [];
    const schedule = startCron('*/2 * * * *', (us) => instants.push(new Date(us / 1000).toISOString()));
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(instants).toEqual(['2026-01-05T09:02:00.000Z', '2026-01-05T09:04:00.000Z']);
    await schedule.stop();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(instants).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves out what it missed while the machine slept', async () => {
    const instants: string[] = [];
    const schedule = startCron('* * * * *', (us) => instants.push(new Date(us / 1000).toISOString()));
    await vi.advanceTimersByTimeAsync(40_000);
    vi.setSystemTime(Date.UTC(2026, 0, 5, 12, 0, 10));
    await vi.advanceTimersByTimeAsync(120_000);
    await schedule.stop();
    expect(instants[0]).toBe('2026-01-05T09:01:00.000Z');
    expect(instants.slice(1).every((instant) => instant >= '2026-01-05T12:00')).toBe(true);
    expect(instants.length).toBeLessThanOrEqual(4);
    expect(new Set(instants).size).toBe(instants.length);
  });

  it('knows what an expression is, and refuses another at the start', () => {
    expect(isSchedule('* * * * *')).toBe(true);
    expect(isSchedule('*/10 * * * * *')).toBe(true);
    expect(isSchedule('every minute')).toBe(false);
    expect(isSchedule('61 * * * *')).toBe(false);
    const wrong = () => loadAlerterConfig({ flags: { schedule: 'often' } });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(/alerter\.schedule is refused: must be a cron expression/);
  });
});
