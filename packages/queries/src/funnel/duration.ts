import { z } from 'zod';

export interface Duration {
  readonly value: number;
  readonly unit: 'second' | 'minute' | 'hour' | 'day' | 'week';
}

const unitMicroseconds = {
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
  day: 86_400_000_000,
  week: 604_800_000_000,
} as const;

/** Ten years of 365.25 days: the longest window, in microseconds. */
const durationUsMax = 10 * 365.25 * unitMicroseconds.day;

/** An elapsed time on the wire: `{ "value": 14, "unit": "day" }`. A day is 86 400 s, whatever the calendar says. */
export const duration = z
  .strictObject({
    value: z.number().nonnegative(),
    unit: z.enum(['second', 'minute', 'hour', 'day', 'week']),
  })
  .refine((given) => Number.isInteger(durationUs(given)), { message: 'must be a whole number of microseconds' })
  .refine((given) => durationUs(given) <= durationUsMax, { message: 'must be at most ten years' });

/** A duration that isn't zero. */
export const positiveDuration = duration.refine((given) => given.value > 0, { message: 'must be more than zero' });

/** Microseconds of a duration; products such as 0.1 s, which aren't exact in binary, are rounded to the nearest. */
export function durationUs({ value, unit }: Duration): number {
  const exact = value * unitMicroseconds[unit];
  const rounded = Math.round(exact);
  return Math.abs(exact - rounded) <= rounded * 1e-15 ? rounded : exact;
}
