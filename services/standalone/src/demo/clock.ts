import { at } from './rng.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
/** 1970-01-05 was a Monday. */
const mondayMs = 4 * dayMs;

/**
 * A clock on which people act: it runs fast in office hours and slowly at night and at weekends, and gains exactly
 * seven days a week. A constant hazard on it is a constant hazard in real time, modulated by the hour of the week.
 */
export interface Clock {
  /** Days that the clock gains between two instants (ms since epoch). */
  daysBetween(fromMs: number, toMs: number): number;
  /** The instant (whole ms) at which it has gained so many days. */
  plus(fromMs: number, days: number): number;
  /** The interval cut into pieces during which the clock's speed is constant; both lengths in days. */
  pieces(fromMs: number, toMs: number): Iterable<{ realDays: number; clockDays: number }>;
}

const weekday = [2, 1, 1, 1, 1, 2, 4, 12, 40, 92, 100, 94, 52, 88, 98, 96, 90, 82, 58, 34, 24, 16, 9, 4];
const weekend = [2, 1, 1, 1, 1, 1, 2, 4, 7, 12, 15, 15, 12, 13, 14, 14, 13, 11, 9, 8, 8, 7, 5, 3];
const speeds = [0, 1, 2, 3, 4, 5, 6].flatMap((day) => (day < 5 ? weekday : weekend));
const gained = Array.from({ length: speeds.length + 1 }, (_, hour) =>
  speeds.slice(0, hour).reduce((sum, speed) => sum + speed, 0),
);
const daysPerUnit = 7 / at(gained, speeds.length);

/** Office-hours clock of a place with a fixed offset from UTC (hours); Asia/Tokyo is 9. */
export function createOfficeClock(utcOffsetHours: number): Clock {
  const shiftMs = utcOffsetHours * hourMs - mondayMs;
  const reading = (ms: number) => {
    const local = ms + shiftMs;
    const week = Math.floor(local / weekMs);
    const inWeek = local - week * weekMs;
    const hour = Math.floor(inWeek / hourMs);
    return week * 7 + (at(gained, hour) + at(speeds, hour) * (inWeek / hourMs - hour)) * daysPerUnit;
  };
  return {
    daysBetween: (fromMs, toMs) => reading(toMs) - reading(fromMs),
    plus: (fromMs, days) => {
      const target = reading(fromMs) + days;
      const week = Math.floor(target / 7);
      const units = (target - week * 7) / daysPerUnit;
      let hour = 0;
      while (hour < speeds.length - 1 && at(gained, hour + 1) <= units) hour += 1;
      const inHour = (units - at(gained, hour)) / at(speeds, hour);
      return Math.floor(week * weekMs + (hour + inHour) * hourMs - shiftMs);
    },
    *pieces(fromMs, toMs) {
      for (let start = fromMs; start < toMs; ) {
        const local = start + shiftMs;
        const stop = Math.min(toMs, start + hourMs - (local - Math.floor(local / hourMs) * hourMs));
        yield { realDays: (stop - start) / dayMs, clockDays: reading(stop) - reading(start) };
        start = stop;
      }
    },
  };
}

/** Ordinary time: for what happens by itself at any hour, such as a renewal or a computed milestone. */
export const plainClock: Clock = {
  daysBetween: (fromMs, toMs) => (toMs - fromMs) / dayMs,
  plus: (fromMs, days) => Math.floor(fromMs + days * dayMs),
  *pieces(fromMs, toMs) {
    if (toMs > fromMs) yield { realDays: (toMs - fromMs) / dayMs, clockDays: (toMs - fromMs) / dayMs };
  },
};

/** Midnight in Asia/Tokyo at or before an instant (ms). */
export function tokyoMidnight(ms: number): number {
  return Math.floor((ms + 9 * hourMs) / dayMs) * dayMs - 9 * hourMs;
}

/** The Monday (Tokyo midnight) of the week that holds an instant (ms). */
export function tokyoMonday(ms: number): number {
  return Math.floor((ms + 9 * hourMs - mondayMs) / weekMs) * weekMs + mondayMs - 9 * hourMs;
}
