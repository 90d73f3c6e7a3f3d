import { runPathLoops, runPathTransitions, runPathVariants, stageNumber } from '@michinori/queries';
import { z } from 'zod';
import { limitParameter } from '../route-schema.ts';
import { figure } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/paths` */
export const pathsEndpoint = defineJourneyEndpoint({
  path: 'paths',
  name: 'journey-paths',
  summary: 'The ways through the stages: transitions between touchpoints, variants, loops',
  description:
    'The rows described are those of `detail=transitions`; those of variants and loops are described in packages/queries/docs/contacts-and-customers.md. `interval` plays no part.',
  parameters: {
    detail: z
      .enum(['transitions', 'variants', 'loops'])
      .default('transitions')
      .describe('from touchpoint to touchpoint; whole ways; touchpoints that visits come back to'),
    stage: z.string().max(256).optional().describe('only visits to this stage; default all'),
    limit: limitParameter(5000, 200),
  },
  row: z.object({
    segment: z.string().nullable(),
    stage: z.string(),
    from: z.string().nullable().describe('null: the visit began'),
    to: z.string().nullable().describe('null: nothing followed; see outcome'),
    outcome: z.string().nullable(),
    transitions: z.int(),
    customers: z.int(),
    n: z.int(),
    share: figure,
    lo: figure,
    hi: figure,
    secondsP50: figure,
  }),
  async run({ clickhouse, scope, extra: { detail, stage, limit }, options }) {
    const number = stage === undefined ? null : stageNumber(scope.journey, stage, '/stage');
    const question = { stage: number, limit };
    if (detail === 'variants') {
      const { rows, isTruncated } = await runPathVariants(clickhouse, scope, question, options);
      return { rows, columns: variantColumns, truncated: isTruncated };
    }
    if (detail === 'loops') {
      const { rows, isTruncated } = await runPathLoops(clickhouse, scope, question, options);
      return { rows, columns: loopColumns, truncated: isTruncated };
    }
    const { rows, isTruncated } = await runPathTransitions(clickhouse, scope, question, options);
    return { rows, truncated: isTruncated };
  },
});

const variantColumns = [
  ...['segment', 'stage', 'variant', 'touchpoints', 'visits', 'customers', 'share'],
  ...['advanced', 'lost', 'returned', 'open', 'advancedRate', 'lo', 'hi', 'state', 'matureShare'],
];

const loopColumns = [
  ...['segment', 'stage', 'touchpoint', 'visits', 'returningVisits', 'returningShare', 'lo', 'hi', 'returns', 'via'],
];
