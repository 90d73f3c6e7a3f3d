import { runJourneyTransitions } from '@michinori/queries';
import { z } from 'zod';
import { cellColumns, figure, rateState, withBucket } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/transitions` */
export const transitionsEndpoint = defineJourneyEndpoint({
  path: 'transitions',
  name: 'journey-transitions',
  summary: 'Where customers go from each stage, and how long it takes',
  parameters: {},
  row: z.object({
    ...cellColumns,
    from: z.string().nullable(),
    to: z.string(),
    kind: z.enum(['entry', 'stage', 'lost', 'silent', 'open']),
    customers: z.int(),
    n: z.int(),
    share: figure,
    lo: figure,
    hi: figure,
    state: rateState,
    naiveSecondsP25: figure,
    naiveSecondsP50: figure,
    naiveSecondsP75: figure,
    naiveSecondsP90: figure,
    secondsP50: figure,
  }),
  async run({ clickhouse, scope, options }) {
    const { rows, isTruncated } = await runJourneyTransitions(clickhouse, scope, options);
    return { rows: rows.map(withBucket), truncated: isTruncated };
  },
});
