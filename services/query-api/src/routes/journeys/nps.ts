import { responseCohorts, runNps, runNpsMovement } from '@michinori/queries';
import { z } from 'zod';
import { defineJourneyEndpoint } from './endpoint.ts';

const share = z.number().nullable();

/** `GET /v1/journeys/{journey}/nps` */
export const npsEndpoint = defineJourneyEndpoint({
  path: 'nps',
  name: 'journey-nps',
  summary: 'Net Promoter Score per cohort: the latest answer of each customer',
  description:
    'The range is that of the answers. `detail=movement` shows how customers moved between promoter, passive and detractor from bucket to bucket.',
  parameters: {
    cohort: z
      .enum(responseCohorts)
      .default('none')
      .describe(
        'entry (month of the first visit), stage (at the answer), touchpoint (the last one before it), or none',
      ),
    detail: z.enum(['score', 'movement']).default('score').describe('the score, or the movement between buckets'),
  },
  row: z.object({
    cohort: z.string().nullable(),
    segment: z.string().nullable(),
    bucket: z.string().nullable(),
    responses: z.int(),
    promoters: z.int(),
    passives: z.int(),
    detractors: z.int(),
    nps: z.number().nullable(),
    lo: z.number().nullable(),
    hi: z.number().nullable(),
    state: z.enum(['insufficient', 'ok']),
    asked: z.int(),
    answered: z.int(),
    responseShare: share,
    responseShareLo: share,
    responseShareHi: share,
    pValue: share,
    qValue: share,
  }),
  async run({ clickhouse, scope, extra: { cohort, detail }, options }) {
    if (detail === 'score') return { rows: (await runNps(clickhouse, scope, { cohort }, options)).rows };
    const { rows } = await runNpsMovement(clickhouse, scope, options);
    return { rows: rows, columns: ['segment', 'bucket', 'from', 'to', 'customers', 'share'] };
  },
});
