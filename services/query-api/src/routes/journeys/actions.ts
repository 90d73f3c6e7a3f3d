import { healthSignals } from '@michinori/journey';
import { runActionEffects } from '@michinori/queries';
import { z } from 'zod';
import { effectColumns } from './effect-columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/actions` */
export const actionsEndpoint = defineJourneyEndpoint({
  path: 'actions',
  name: 'journey-actions',
  summary: 'What is done when signals are raised, since when, and what became different from then on',
  description:
    'Cohorts that began before and after an action was introduced are compared on the whole way, as for an improvement: 180 days to either side unless `from` or `to` say otherwise. ' +
    'Whatever else changed at that time counts as well; nobody was chosen by lot.',
  parameters: {},
  row: z.object({
    signal: z.enum(healthSignals),
    webhook: z.string().nullable().describe('the channel that is told'),
    owner: z.string().nullable().describe('whose task it is'),
    version: z.int().describe('of the journey that brought it'),
    at: z.string().describe('when that was applied'),
    ...effectColumns,
  }),
  async run({ clickhouse, scope, options }) {
    return { rows: await runActionEffects(clickhouse, scope, options), truncated: false };
  },
});
