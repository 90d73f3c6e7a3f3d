// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyTouchpointsQuery = {
  /** visits that began at or after this time (ISO 8601); default 90 days before to */
  from?: string | undefined;
  /** visits that began before this time (ISO 8601); default asOf */
  to?: string | undefined;
  /** use events that occurred up to this time (ISO 8601); default now */
  asOf?: string | undefined;
  /** NAME:VALUE; repeat it: values of one name are alternatives, different names hold together */
  segment?: `${string}:${string}` | readonly `${string}:${string}`[] | undefined;
  /** a segment of the journey: one set of rows for each of its values */
  by?: string | undefined;
  /** IANA time zone of the buckets; default the journey's */
  timezone?: string | undefined;
  /** bucket by the beginning of the visit */
  interval?: 'hour' | 'day' | 'week' | 'month' | undefined;
  /** customers (default): each unit once per cohort; or visits */
  count?: 'customers' | 'visits' | undefined;
};

export type JourneyTouchpointsRow = {
  stage: string;
  position: number;
  touchpoint: string;
  /** value of the segment of `by`; null without */
  segment: string | null;
  /** start of the bucket; null without interval */
  bucket: string | null;
  touched: number;
  touchedShare: number | null;
  advanced: number;
  lost: number;
  returned: number;
  completed: number;
  open: number;
  k: number;
  n: number;
  dropOffRate: number | null;
  dropOffLo: number | null;
  dropOffHi: number | null;
  state: 'insufficient' | 'immature' | 'ok';
  matureShare: number | null;
  lastBeforeLoss: number;
  lastBeforeLossShare: number | null;
  secondsTouchToAdvanceP50: number | null;
  effect: number | null;
  effectLo: number | null;
  effectHi: number | null;
  effectState:
    | 'ok'
    | 'insufficient'
    | 'no_exposed_time'
    | 'no_unexposed_time'
    | 'no_common_time'
    | 'no_events'
    | 'no_unexposed_events';
  pValue: number | null;
  qValue: number | null;
};

export type JourneyTouchpointsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Drop-off per touchpoint of each stage, the last touch before a loss, and the effect on advancing
 *
 * One row per segment, bucket, stage and touchpoint; those of the definition also when they were never seen. `effect` is a rate ratio, not a proof of cause.
 *
 * `GET /v1/journeys/{journey}/touchpoints`
 */
export const touchpoints = (
  journey: string,
  query?: JourneyTouchpointsQuery,
): Question<JourneyTouchpointsRow, JourneyTouchpointsMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/touchpoints`,
  query,
});
