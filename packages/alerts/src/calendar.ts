const hourUs = 3_600_000_000;
const dayUs = 24 * hourUs;

/** A day of the calendar, counted from 1 January 1970. */
export type Day = number;

export interface Calendar {
  /** The day of an instant (µs since the epoch). */
  dayOf(instantUs: number): Day;
  /** When a day begins, µs since the epoch: its midnight, or the first instant after it where the clocks skip midnight. */
  startOf(day: Day): number;
}

/** 0 Sunday … 6 Saturday. */
export const weekdayOf = (day: Day): number => (((day + 4) % 7) + 7) % 7;

/** The days of a time zone of the IANA database; an unknown one is a `RangeError`. */
export function calendarOf(timezone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const starts = new Map<Day, number>();
  const daysOfStarts = new Map<number, Day>();

  function dayOf(instantUs: number): Day {
    const known = daysOfStarts.get(instantUs);
    if (known !== undefined) return known;
    const parts = new Map(format.formatToParts(instantUs / 1000).map(({ type, value }) => [type, Number(value)]));
    const utcMs = Date.UTC(parts.get('year') ?? 0, (parts.get('month') ?? 1) - 1, parts.get('day') ?? 1);
    return Math.floor((utcMs * 1000) / dayUs);
  }

  /** The first quarter of an hour of the day, among all that the offsets of the world allow. */
  function search(day: Day): number {
    let [before, inside] = [day * dayUs - 16 * hourUs, day * dayUs + 16 * hourUs];
    while (inside - before > hourUs / 4) {
      const middle = before + Math.floor((inside - before) / (hourUs / 2)) * (hourUs / 4);
      if (dayOf(middle) < day) before = middle;
      else inside = middle;
    }
    return inside;
  }

  return {
    dayOf,
    startOf(day) {
      const known = starts.get(day);
      if (known !== undefined) return known;
      const start = search(day);
      starts.set(day, start);
      daysOfStarts.set(start, day);
      return start;
    },
  };
}
