import { z } from 'zod';
import { isoMicroseconds, isTimeZone } from '../funnel/time.ts';

/** A `+` in a query string that wasn't escaped arrives as a blank. */
const unescaped = (text: string) => text.replace(/ (?=\d\d:\d\d$)/, '+');

/** A time of a query string, as microseconds since 1970. */
export const instantParameter = z
  .string()
  .transform(unescaped)
  .refine((text) => isoMicroseconds(text) !== null, { message: 'must be an ISO 8601 time with a zone' })
  .transform((text) => isoMicroseconds(text) ?? 0);

const segmentFilter = z.string().regex(/^[^:]+:/, { message: 'must be NAME:VALUE, e.g. plan:pro' });

/** What every question about a journey takes, as a query string: strings, and lists where a name is repeated. */
export const journeyQuestion = z.strictObject({
  from: instantParameter
    .optional()
    .describe('visits that began at or after this time (ISO 8601); default 90 days before to'),
  to: instantParameter.optional().describe('visits that began before this time (ISO 8601); default asOf'),
  asOf: instantParameter.optional().describe('use events that occurred up to this time (ISO 8601); default now'),
  segment: z
    .union([segmentFilter, z.array(segmentFilter).max(50)])
    .optional()
    .describe('NAME:VALUE; repeat it: values of one name are alternatives, different names hold together'),
  by: z.string().max(512).optional().describe('a segment of the journey: one set of rows for each of its values'),
  timezone: z
    .string()
    .refine(isTimeZone, { message: 'must be an IANA time zone' })
    .optional()
    .describe("IANA time zone of the buckets; default the journey's"),
  interval: z.enum(['hour', 'day', 'week', 'month']).optional().describe('bucket by the beginning of the visit'),
  count: z
    .enum(['customers', 'visits'])
    .optional()
    .describe('customers (default): each unit once per cohort; or visits'),
});
/** Parsed: times in microseconds. */
export type JourneyQuestion = z.output<typeof journeyQuestion>;
