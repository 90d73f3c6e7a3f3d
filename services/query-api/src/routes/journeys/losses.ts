import { runJourneyLosses } from '@michinori/queries';
import { z } from 'zod';
import { cellColumns, figure, language, withBucket } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/losses` */
export const lossesEndpoint = defineJourneyEndpoint({
  path: 'losses',
  name: 'journey-losses',
  summary: 'Who was lost from each stage: by silence, or by an exit, by reason',
  description:
    'Per segment, bucket and stage a row for all losses, one for those by silence, and one for each reason of an exit. See packages/queries/docs/losses.md.',
  parameters: { language },
  row: z.object({
    stage: z.string(),
    title: z.string(),
    position: z.int(),
    ...cellColumns,
    kind: z.enum(['all', 'silent', 'exit']),
    reason: z.string().nullable().describe('of an exit; empty: none was given'),
    lost: z.int(),
    entered: z.int(),
    rate: figure.describe('lost of entered'),
    rateLo: figure,
    rateHi: figure,
    k: z.int(),
    n: z.int().describe('all losses of the stage'),
    share: figure.describe('k of n'),
    lo: figure,
    hi: figure,
    state: z.enum(['insufficient', 'ok']),
    secondsP50: figure.describe('median stay until the loss'),
    silenceSecondsP50: figure.describe('median time from the last touch to the loss'),
  }),
  async run({ clickhouse, scope, extra, options }) {
    const { rows, isTruncated } = await runJourneyLosses(clickhouse, scope, { ...options, language: extra.language });
    return { rows: rows.map(withBucket), truncated: isTruncated };
  },
});
