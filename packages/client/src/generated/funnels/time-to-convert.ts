// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';
import type { Duration, Filter, FunnelBreakdown, FunnelExclusion, FunnelStep } from '../shapes.ts';

export type FunnelTimeToConvertBody = {
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
  fromStep: number;
  toStep: number;
  /** 1 to 500 */
  bins?: number | undefined;
  segment?: string | undefined;
};

export type FunnelTimeToConvertRow = {
  fromSeconds: number;
  toSeconds: number;
  customers: number;
};

export type FunnelTimeToConvertMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  generatedInMs: number;
  truncated: boolean;
  /** matched both steps */
  customers: number;
  mean: number | null;
  median: number | null;
  p90: number | null;
};

/**
 * How long converting took: a histogram between two steps
 *
 * `POST /v1/funnels/time-to-convert`
 */
export const timeToConvert = (
  body: FunnelTimeToConvertBody,
): Question<FunnelTimeToConvertRow, FunnelTimeToConvertMeta> => ({
  method: 'POST',
  path: '/v1/funnels/time-to-convert',
  body,
});
