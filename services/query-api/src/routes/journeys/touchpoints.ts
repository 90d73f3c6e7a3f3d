import { runJourneyTouchpoints } from '@michinori/queries';
import { z } from 'zod';
import { cellColumns, figure, rateState, significance, withBucket } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

const effectStates = [
  'ok',
  'insufficient',
  'no_exposed_time',
  'no_unexposed_time',
  'no_common_time',
  'no_events',
  'no_unexposed_events',
] as const;

/** `GET /v1/journeys/{journey}/touchpoints` */
export const touchpointsEndpoint = defineJourneyEndpoint({
  path: 'touchpoints',
  name: 'journey-touchpoints',
  summary: 'Drop-off per touchpoint of each stage, the last touch before a loss, and the effect on advancing',
  description:
    'One row per segment, bucket, stage and touchpoint; those of the definition also when they were never seen. `effect` is a rate ratio, not a proof of cause.',
  parameters: {},
  row: z.object({
    stage: z.string(),
    position: z.int(),
    touchpoint: z.string(),
    ...cellColumns,
    touched: z.int(),
    touchedShare: figure,
    advanced: z.int(),
    lost: z.int(),
    returned: z.int(),
    completed: z.int(),
    open: z.int(),
    k: z.int(),
    n: z.int(),
    dropOffRate: figure,
    dropOffLo: figure,
    dropOffHi: figure,
    state: rateState,
    matureShare: figure,
    lastBeforeLoss: z.int(),
    lastBeforeLossShare: figure,
    secondsTouchToAdvanceP50: figure,
    effect: figure,
    effectLo: figure,
    effectHi: figure,
    effectState: z.enum(effectStates),
    ...significance,
  }),
  async run({ clickhouse, scope, options }) {
    const { rows, isTruncated } = await runJourneyTouchpoints(clickhouse, scope, options);
    return { rows: rows.map(withBucket), truncated: isTruncated };
  },
});
