import { runJourneyOutlook } from '@michinori/queries';
import { z } from 'zod';
import { figure, horizon, language } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** Columns of a forecast of the next step. */
export const forecastColumns = {
  state: z
    .enum(['ok', 'insufficient'])
    .describe('insufficient: too few visits were watched for as long as the horizon'),
  ...{ advanced: figure, advancedLo: figure, advancedHi: figure },
  ...{ lost: figure, lostLo: figure, lostHi: figure },
  ...{ staying: figure, stayingLo: figure, stayingHi: figure },
  returned: figure.describe('to an earlier stage'),
  landmarkSeconds: figure.describe('time in the stage of those it was learnt from'),
  atRisk: z.int().describe('visits (of the segment) that were left then'),
  weight: figure.describe('share of the segment in the forecast, 0…1; null without segments'),
};

/** `GET /v1/journeys/{journey}/outlook` */
export const outlookEndpoint = defineJourneyEndpoint({
  path: 'outlook',
  name: 'journey-outlook',
  summary: 'The next step of open visits: advancing, being lost or staying within the horizon, by time spent',
  description:
    'One row per segment, stage and band of time spent. Learnt from the visits that began in [from, to), by default in the 365 days before asOf; `open` are all visits that are open at asOf. See packages/queries/docs/outlook.md.',
  parameters: { horizon, language },
  row: z.object({
    stage: z.string(),
    title: z.string(),
    position: z.int(),
    segment: z.string().nullable().describe('value of the segment of `by`; null without'),
    spentFromSeconds: z.number().describe('the forecast is that of a visit that has lasted this long'),
    spentToSeconds: figure,
    open: z.int().describe('visits open at asOf that have lasted from spentFromSeconds to spentToSeconds'),
    ...forecastColumns,
    expectedAdvanced: figure.describe('of the open visits, each by its own time spent'),
    expectedLost: figure,
    horizonSeconds: z.number(),
  }),
  async run({ clickhouse, scope, extra, options }) {
    const asked = { ...options, horizonUs: extra.horizon, language: extra.language };
    const { rows, isTruncated } = await runJourneyOutlook(clickhouse, scope, asked);
    return { rows, truncated: isTruncated };
  },
});
