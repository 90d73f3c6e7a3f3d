// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';
import type { Duration, Filter, FunnelBreakdown, FunnelExclusion, FunnelStep } from '../shapes.ts';

export type FunnelCustomersBody = {
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
  step: number;
  /** default converted */
  outcome?: 'converted' | 'dropped' | 'open' | undefined;
  segment?: string | undefined;
  bucket?: string | undefined;
  /** 1 to 1000; default 100 */
  limit?: number | undefined;
  cursor?: string | null | undefined;
};

export type FunnelCustomersRow = {
  /** customer, or account with unit account; null if known by an anonymous id only */
  customer: string | null;
  anonymous: string | null;
  /** furthest step of the chosen attempt */
  furthest: number;
  open: boolean;
  enteredAt: string;
  [name: string]: string | null | number | boolean | string;
};

export type FunnelCustomersMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  generatedInMs: number;
  truncated: boolean;
  /** for the next page; null on the last one */
  cursor: string | null;
};

/**
 * The customers behind one number of a funnel, page by page
 *
 * `POST /v1/funnels/customers`
 */
export const customers = (body: FunnelCustomersBody): Question<FunnelCustomersRow, FunnelCustomersMeta> => ({
  method: 'POST',
  path: '/v1/funnels/customers',
  body,
});
