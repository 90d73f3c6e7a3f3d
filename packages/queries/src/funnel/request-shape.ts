import { z } from 'zod';
import { duration, positiveDuration } from './duration.ts';
import { filter, subjectText } from './filter.ts';
import { isoMicroseconds, isTimeZone } from './time.ts';

const pattern = z.string().min(1).max(512);
const touchpoint = z.union([pattern, z.array(pattern).min(1).max(50)]);
const filters = z.array(filter).max(20).default([]);

const step = z.strictObject({
  touchpoint,
  where: filters,
  optional: z.boolean().default(false),
  within: positiveDuration.optional(),
  atLeast: duration.optional(),
});

const exclusion = z.strictObject({
  touchpoint,
  where: filters,
  after: z.int().min(1).optional(),
  before: z.int().min(2).optional(),
});

const bands = z
  .array(z.number())
  .min(1)
  .max(50)
  .refine((bounds) => bounds.every((bound, i) => i === 0 || bound > Number(bounds[i - 1])), {
    message: 'must rise strictly',
  });

const breakdown = z.strictObject({
  by: subjectText,
  attribution: z
    .string()
    .regex(/^(first|last|entry|all|step:[1-9][0-9]?)$/, { message: 'must be first, last, entry, all or step:N' })
    .default('first'),
  limit: z.int().min(1).max(500).default(25),
  bands: bands.optional(),
});

const isoTime = z
  .string()
  .refine((text) => isoMicroseconds(text) !== null, { message: 'must be an ISO 8601 time with a zone' });

/** The members that every funnel question has in common. */
export const requestShape = {
  steps: z.array(step).min(1).max(20),
  unit: z.enum(['customer', 'account']).default('customer'),
  order: z.enum(['sequential', 'strict', 'any']).default('sequential'),
  window: positiveDuration,
  from: isoTime,
  to: isoTime,
  asOf: isoTime.nullable().default(null),
  timezone: z.string().refine(isTimeZone, { message: 'must be an IANA time zone' }).default('UTC'),
  exclude: z.array(exclusion).max(10).default([]),
  hold: z.array(subjectText).max(10).default([]),
  breakdown: breakdown.nullable().default(null),
  trend: z
    .strictObject({ interval: z.enum(['hour', 'day', 'week', 'month']) })
    .nullable()
    .default(null),
  filter: filters,
};

const strictRequest = z.strictObject(requestShape);
/** A request before the checks that look at several members together. */
export type RequestShape = z.output<typeof strictRequest>;
