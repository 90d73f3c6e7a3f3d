import { runJourneyMap } from '@michinori/queries';
import { z } from 'zod';
import { cellColumns, figure, horizon, language, rateState, withBucket } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/map` */
export const mapEndpoint = defineJourneyEndpoint({
  path: 'map',
  name: 'journey-map',
  summary: 'The journey as a drawing: stages, their touchpoints, and the ways between them',
  parameters: {
    detail: z.enum(['overview', 'full']).default('full').describe('overview: stages and edges; full: touchpoints too'),
    horizon,
    language,
  },
  row: z.object({
    kind: z.enum(['stage', 'touchpoint', 'edge']),
    stage: z.string().nullable(),
    to: z.string().nullable(),
    touchpoint: z.string().nullable(),
    title: z.string(),
    position: z.int(),
    ...cellColumns,
    entered: z.int(),
    advanced: z.int().nullable(),
    lost: z.int().nullable(),
    open: z.int().nullable(),
    rate: figure,
    lo: figure,
    hi: figure,
    state: rateState,
    share: figure,
    sentiment: figure,
    sentimentLo: figure,
    sentimentHi: figure,
    goal: z.string().nullable(),
    goalMet: z.boolean().nullable(),
    secondsP50: figure,
    health: figure.describe('of a stage: mean score as of the last evaluation; null with interval'),
  }),
  async run({ clickhouse, scope, extra, options }) {
    const asked = { ...options, detail: extra.detail, horizonUs: extra.horizon, language: extra.language };
    const { rows, isTruncated } = await runJourneyMap(clickhouse, scope, asked);
    return { rows: rows.map(withBucket), truncated: isTruncated };
  },
});
