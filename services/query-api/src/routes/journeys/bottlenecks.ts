import { runJourneyBottlenecks } from '@michinori/queries';
import { z } from 'zod';
import { figure, horizon, language } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/bottlenecks` */
export const bottlenecksEndpoint = defineJourneyEndpoint({
  path: 'bottlenecks',
  name: 'journey-bottlenecks',
  summary: 'What each stage would gain if it did as well as its best comparable segment, by gain and effort',
  description:
    'One row per stage and segment name (all of the journey, or the one of `by`). The interval plays no part.',
  parameters: { horizon, language },
  row: z.object({
    stage: z.string(),
    title: z.string(),
    position: z.int(),
    by: z.string(),
    entered: z.int(),
    enteredPerMonth: z.number(),
    rate: figure,
    lo: figure,
    hi: figure,
    n: z.int(),
    bestSegment: z.string().nullable(),
    bestRate: figure,
    bestLo: figure,
    bestHi: figure,
    bestN: z.int().nullable(),
    comparableSegments: z.int(),
    completionShare: figure,
    gain: figure,
    gainLo: figure,
    gainHi: figure,
    effort: z.number(),
    priority: figure,
    state: z.enum(['insufficient', 'ok']),
    reason: z.enum(['current', 'best', 'completed', 'segments']).nullable(),
  }),
  async run({ clickhouse, scope, extra, options }) {
    const asked = { ...options, horizonUs: extra.horizon, language: extra.language };
    return { rows: await runJourneyBottlenecks(clickhouse, scope, asked) };
  },
});
