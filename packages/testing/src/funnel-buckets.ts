export type TrendInterval = 'hour' | 'day' | 'week' | 'month';

interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly offset: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(us: number, timezone: string): LocalTime {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      timeZoneName: 'longOffset',
    });
  formats.set(timezone, format);
  const parts = new Map(format.formatToParts(Math.floor(us / 1000)).map(({ type, value }) => [type, value]));
  const number = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    offset: parts.get('timeZoneName') ?? '',
  };
}

/** A name that all instants of one bucket share, and no other instant of the neighbourhood. */
function bucketName(us: number, interval: TrendInterval, timezone: string): string {
  const { year, month, day, hour, offset } = localTime(us, timezone);
  if (interval === 'month') return `${year}-${month}`;
  const dayNumber = Date.UTC(year, month - 1, day) / 86_400_000;
  // Day 0 of the epoch was a Thursday.
  if (interval === 'week') return `week ${Math.floor((dayNumber + 3) / 7)}`;
  return interval === 'day' ? `day ${dayNumber}` : `day ${dayNumber} hour ${hour} ${offset}`;
}

// Since 1980 every clock of the world has been a whole number of quarters of an hour away from UTC.
const QUARTER_US = 900_000_000;

/**
 * The start of the calendar bucket that contains an instant, in microseconds: the earliest quarter of an hour from which
 * on all of them up to the instant have the bucket's name. The hour that is repeated when clocks go back is two buckets.
 */
export function bucketStart(us: number, interval: TrendInterval, timezone: string): number {
  const name = bucketName(us, interval, timezone);
  const strides = { hour: [1], day: [48, 4, 1], week: [96, 4, 1], month: [96, 4, 1] }[interval];
  let start = Math.floor(us / QUARTER_US) * QUARTER_US;
  for (const quarters of strides) {
    while (bucketName(start - quarters * QUARTER_US, interval, timezone) === name) start -= quarters * QUARTER_US;
  }
  return start;
}

/** The starts of all buckets that touch [fromUs, toUs). */
export function bucketStarts(fromUs: number, toUs: number, interval: TrendInterval, timezone: string): number[] {
  const starts: number[] = [];
  for (let us = toUs - 1; us >= fromUs; ) {
    const start = bucketStart(us, interval, timezone);
    starts.push(start);
    us = start - 1;
  }
  return starts.reverse();
}
