import { runImprovementEffects } from '@michinori/queries';
import { z } from 'zod';
import { effectColumns } from './effect-columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/improvements` */
export const improvementEffectsEndpoint = defineJourneyEndpoint({
  path: 'improvements',
  name: 'improvements',
  summary: 'The improvements of a journey and what each did to the cycle time of its stage',
  description: 'Each is compared with 180 days to either side of it unless `from` or `to` say otherwise.',
  parameters: {},
  row: z.object({
    id: z.string(),
    title: z.string(),
    at: z.string(),
    stage: z.string().nullable(),
    segment: z.string().nullable(),
    owner: z.string(),
    hypothesis: z.string(),
    due: z.string().nullable(),
    isDue: z.boolean(),
    ...effectColumns,
  }),
  async run({ clickhouse, scope, options }) {
    const { rows, truncated } = await runImprovementEffects(clickhouse, scope, options);
    return { rows: rows, truncated };
  },
});
