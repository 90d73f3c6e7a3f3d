import { instantParameter, runEmotion, runEmotionEffect } from '@michinori/queries';
import { z } from 'zod';
import { defineJourneyEndpoint } from './endpoint.ts';

const mood = z.number().nullable();

/** `GET /v1/journeys/{journey}/emotion` */
export const emotionEndpoint = defineJourneyEndpoint({
  path: 'emotion',
  name: 'journey-emotion',
  summary: 'The emotion curve: mean sentiment along stages and touchpoints',
  description:
    'The range is that of the responses. With `compareAt` the rows are the means before and after that instant, their difference and its interval.',
  parameters: {
    compareAt: instantParameter.optional().describe('instant of a release (ISO 8601)'),
  },
  row: z.object({
    kind: z.enum(['stage', 'touchpoint']),
    stage: z.string(),
    touchpoint: z.string().nullable(),
    position: z.int(),
    segment: z.string().nullable(),
    bucket: z.string().nullable(),
    customers: z.int(),
    responses: z.int(),
    mean: mood,
    sentiment: mood,
    lo: mood,
    hi: mood,
    shrunk: z.boolean(),
    state: z.enum(['insufficient', 'ok']),
    trough: z.boolean(),
    journeyMean: mood,
  }),
  async run({ clickhouse, scope, extra: { compareAt }, options }) {
    if (compareAt === undefined) {
      return { rows: (await runEmotion(clickhouse, scope, options)).rows };
    }
    const { rows } = await runEmotionEffect(clickhouse, scope, compareAt, options);
    return { rows: rows, columns: effectColumns };
  },
});

const effectColumns = [
  'stage',
  'segment',
  'customersBefore',
  'customersAfter',
  'before',
  'after',
  'difference',
  'lo',
  'hi',
  'pValue',
];
