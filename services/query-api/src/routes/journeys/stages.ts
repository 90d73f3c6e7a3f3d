import { runJourneyStages } from '@michinori/queries';
import { z } from 'zod';
import { cellColumns, figure, horizon, language, rateState, significance, withBucket } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/stages` */
export const stagesEndpoint = defineJourneyEndpoint({
  path: 'stages',
  name: 'journey-stages',
  summary: 'Stages: who entered, advanced, was lost or is still open, with drop-off and time in stage',
  description:
    'One row per segment, bucket and stage. While a cohort is immature its `estimate` counts, not its `rate`. See packages/queries/docs/journeys.md.',
  parameters: { horizon, language },
  row: z.object({
    stage: z.string(),
    title: z.string(),
    position: z.int(),
    ...cellColumns,
    entered: z.int(),
    advanced: z.int(),
    lost: z.int(),
    lostSilent: z.int(),
    lostExit: z.int(),
    returned: z.int(),
    open: z.int(),
    completed: z.int(),
    k: z.int(),
    n: z.int(),
    rate: figure,
    lo: figure,
    hi: figure,
    dropOffRate: figure,
    dropOffLo: figure,
    dropOffHi: figure,
    state: rateState,
    matureShare: figure,
    estimate: figure,
    estimateLo: figure,
    estimateHi: figure,
    lostEstimate: figure,
    lostEstimateLo: figure,
    lostEstimateHi: figure,
    naiveRate: figure,
    naiveLostRate: figure,
    horizonSeconds: z.number(),
    secondsP50: figure,
    naiveSecondsMean: figure,
    expectedSeconds: figure,
    ...significance,
    goal: z.string().nullable(),
    goalMet: z.boolean().nullable(),
  }),
  async run({ clickhouse, scope, extra, options }) {
    const asked = { ...options, horizonUs: extra.horizon, language: extra.language };
    const { rows, isTruncated } = await runJourneyStages(clickhouse, scope, asked);
    return { rows: rows.map(withBucket), truncated: isTruncated };
  },
});
