import { z } from 'zod';

const share = z.number().min(0).max(1).nullable();
const seconds = z.number().nullable();

/** A row of `POST /v1/funnels/query`: one step of one segment and bucket. */
export const funnelRow = z.object({
  segment: z.string().nullable().describe('value of the breakdown; null without one; "" = no value'),
  bucket: z.string().nullable().describe('begin of the entry bucket; null without a trend'),
  step: z.int().describe('from 1'),
  touchpoint: z.string(),
  customers: z.int().describe('reached this step'),
  dropped: z.int().describe('came this far and can not go on any more'),
  open: z.int().describe('came this far and may still go on'),
  k: z.int(),
  n: z.int().describe('customers of step 1'),
  rate: share.describe('k / n'),
  lo: share.describe('Wilson 95 % interval'),
  hi: share,
  state: z.enum(['ok', 'insufficient', 'immature']),
  fromPreviousRate: share,
  matureShare: share.describe('share of the entries whose outcome is final'),
  secondsMean: seconds.describe('time from the previous step'),
  secondsP50: seconds,
  secondsP90: seconds,
  pValue: share.describe('this segment against all others'),
  qValue: share.describe('Benjamini–Hochberg over the segments shown'),
});

const metaBase = {
  asOf: z.string(),
  watermark: z.string().nullable(),
  timezone: z.string(),
  generatedInMs: z.int(),
  truncated: z.boolean(),
};

export const funnelMeta = z.object({
  ...metaBase,
  otherSegments: z.array(z.object({ segment: z.string(), customers: z.int() })).describe('segments beyond the limit'),
  otherSegmentsCount: z.int(),
});

/** A bin of `POST /v1/funnels/time-to-convert`. */
export const timeToConvertRow = z.object({ fromSeconds: z.number(), toSeconds: z.number(), customers: z.int() });

export const timeToConvertMeta = z.object({
  ...metaBase,
  customers: z.int().describe('matched both steps'),
  mean: seconds,
  median: seconds,
  p90: seconds,
});

/** A row of `POST /v1/funnels/customers`; `step1At` … follow, one per step. */
export const funnelCustomerRow = z
  .object({
    customer: z
      .string()
      .nullable()
      .describe('customer, or account with unit account; null if known by an anonymous id only'),
    anonymous: z.string().nullable(),
    furthest: z.int().describe('furthest step of the chosen attempt'),
    open: z.boolean(),
    enteredAt: z.string(),
  })
  .catchall(z.string().nullable());

export const funnelCustomersMeta = z.object({
  ...metaBase,
  cursor: z.string().nullable().describe('for the next page; null on the last one'),
});
