import { instantParameter } from '@michinori/queries';
import { z } from 'zod';
import { forecastColumns } from './journeys/outlook.ts';
import { visitColumns } from './journeys/visit-columns.ts';
import { answers, formatQuery, limitParameter, problemSchema } from './route-schema.ts';

const text = z.string().nullable();

export const customerQuery = z.strictObject({
  ...formatQuery.shape,
  anonymous: z.enum(['true', 'false']).default('false').describe('true: the id is an anonymous id'),
  detail: z
    .enum(['timeline', 'visits'])
    .default('timeline')
    .describe('events, or visits in all journeys; newest first'),
  journey: z.string().max(64).optional().describe('timeline: show the stage of this journey'),
  asOf: instantParameter.optional().describe('use events that occurred up to this time (ISO 8601); default now'),
  limit: limitParameter(1_000, 100),
  cursor: z.string().max(4_096).optional().describe('timeline: `meta.cursor` of the page before'),
});
export type CustomerQuery = z.output<typeof customerQuery>;

export const timelineRow = z.object({
  at: z.string(),
  touchpoint: z.string(),
  channel: text,
  team: text,
  direction: text,
  topic: text,
  account: text.describe('in force at the event'),
  sentiment: z.number().nullable(),
  nps: z.int().nullable(),
  amount: text.describe('exact decimal number'),
  currency: text,
  stage: text.describe('in the journey that was asked for'),
  id: z.string(),
});

export const visitsRow = z.object({ journey: z.string(), version: z.int(), account: text, ...visitColumns });

const traits = z.record(z.string(), z.string());

const identity = z.object({
  kind: z.enum(['customer', 'anonymous']),
  id: z.string(),
  because: z.enum(['claim', 'alias']).describe('claim: events carry both ids; alias: an event said so'),
  claimedBy: z.string().describe('the customer whose event says so'),
  since: z.string(),
  eventId: z.string(),
  undone: text.describe('when an alias was undone; null while it is in force'),
  contestedBy: z.int().describe('of an anonymous id: other customers who claim it as well'),
  belongsTo: text.describe('of an anonymous id that somebody else claimed first: that customer'),
});

const outlook = z.object({
  horizonSeconds: z.number(),
  spentSeconds: z.number(),
  segment: text.describe('NAME:VALUE, by the first segment of the journey'),
  ...forecastColumns,
  lastTouchpoint: text,
  nextTouchpoints: z
    .array(
      z.object({
        touchpoint: z.string(),
        probability: z.number(),
        ...{ lo: z.number(), hi: z.number() },
        count: z.int().describe('how often it followed the last touchpoint'),
      }),
    )
    .describe('the likeliest first'),
});

const evidence = z.record(z.string(), z.union([z.string(), z.number()]).nullable());

const health = z.object({
  score: z.int(),
  at: z.string().describe('as of when it was evaluated: the newest evaluation with a score'),
  stage: z.string().describe('where the customer stood then'),
  ledger: z
    .array(
      z.object({
        line: z.enum(['start', 'rule', 'clamp']),
        rule: text,
        points: z.int(),
        evidence: evidence.nullable().describe('the fact behind a rule, by its `kind`; times in µs'),
      }),
    )
    .describe('the points add up to the score'),
  history: z.array(z.object({ at: z.string(), score: z.int() })).describe('the newest 60, the oldest first'),
});

/** A ledger as it is stored. */
export const storedLedger = z.array(
  z.object({
    line: z.enum(['start', 'rule', 'clamp']),
    rule: z.string().optional(),
    points: z.int(),
    evidence: evidence.optional(),
  }),
);

const meta = z.object({
  customer: text.describe('the id that the person goes by; null for an anonymous one'),
  identities: z.array(identity).describe('the other ids, the earliest first; at most 1000'),
  anonymousIds: z.array(z.string()).describe('at most 1000'),
  account: text,
  firstSeen: z.string(),
  lastSeen: z.string(),
  events: z.int(),
  traits: traits.describe('the last value of each'),
  firstTraits: traits,
  journeys: z.array(
    z.object({
      journey: z.string(),
      version: z.int(),
      stage: z.string(),
      state: visitColumns.outcome,
      since: z.string(),
      cycle: z.int(),
      visits: z.int(),
      nextStep: z.object({ touchpoint: z.string(), share: z.number(), n: z.int() }).nullable(),
      outlook: outlook.nullable().describe('of an open visit: what is likely to become of it'),
      health: health.nullable().describe('null: there is no score of this customer up to asOf'),
    }),
  ),
  asOf: z.string(),
  watermark: text,
  cursor: text.describe('for the next page; null on the last one'),
  generatedInMs: z.int(),
  truncated: z.boolean(),
});

export const customerAnswers = {
  ...answers(timelineRow, meta),
  404: problemSchema.describe('no event of this customer up to asOf, or no such journey'),
};
