// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';
import type { Duration, Filter, FunnelBreakdown, FunnelExclusion, FunnelStep } from '../shapes.ts';

export type FunnelQueryBody = {
  /** at most 20 */
  steps: readonly FunnelStep[];
  /** default customer */
  unit?: 'customer' | 'account' | undefined;
  /** default sequential */
  order?: 'sequential' | 'strict' | 'any' | undefined;
  window: Duration;
  from: string;
  to: string;
  asOf?: string | null | undefined;
  /** default UTC */
  timezone?: string | undefined;
  /** at most 10 */
  exclude?: readonly FunnelExclusion[] | undefined;
  /** at most 10 */
  hold?: readonly (`property:${string}` | `trait:${string}` | 'channel' | 'team' | 'account')[] | undefined;
  breakdown?: FunnelBreakdown | null | undefined;
  trend?:
    | {
        interval: 'hour' | 'day' | 'week' | 'month';
      }
    | null
    | undefined;
  /** at most 20 */
  filter?: readonly Filter[] | undefined;
};

export type FunnelQueryRow = {
  /** value of the breakdown; null without one; "" = no value */
  segment: string | null;
  /** begin of the entry bucket; null without a trend */
  bucket: string | null;
  /** from 1 */
  step: number;
  touchpoint: string;
  /** reached this step */
  customers: number;
  /** came this far and can not go on any more */
  dropped: number;
  /** came this far and may still go on */
  open: number;
  k: number;
  /** customers of step 1 */
  n: number;
  /** k / n */
  rate: number | null;
  /** Wilson 95 % interval */
  lo: number | null;
  hi: number | null;
  state: 'ok' | 'insufficient' | 'immature';
  fromPreviousRate: number | null;
  /** share of the entries whose outcome is final */
  matureShare: number | null;
  /** time from the previous step */
  secondsMean: number | null;
  secondsP50: number | null;
  secondsP90: number | null;
  /** this segment against all others */
  pValue: number | null;
  /** Benjamini–Hochberg over the segments shown */
  qValue: number | null;
};

export type FunnelQueryMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  generatedInMs: number;
  truncated: boolean;
  /** segments beyond the limit */
  otherSegments: {
    segment: string;
    customers: number;
  }[];
  otherSegmentsCount: number;
};

/**
 * A funnel: how many customers reached each step, dropped, or are still on the way
 *
 * `POST /v1/funnels/query`
 */
export const query = (body: FunnelQueryBody): Question<FunnelQueryRow, FunnelQueryMeta> => ({
  method: 'POST',
  path: '/v1/funnels/query',
  body,
});
