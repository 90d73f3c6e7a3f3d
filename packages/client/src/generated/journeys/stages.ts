// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyStagesQuery = {
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
  /** judge the outcome this long after entry, e.g. 30d; default the horizon of each stage */
  horizon?: string | undefined;
  /** language of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyStagesRow = {
  stage: string;
  title: string;
  position: number;
  /** value of the segment of `by`; null without */
  segment: string | null;
  /** start of the bucket; null without interval */
  bucket: string | null;
  entered: number;
  advanced: number;
  lost: number;
  lostSilent: number;
  lostExit: number;
  returned: number;
  open: number;
  completed: number;
  k: number;
  n: number;
  rate: number | null;
  lo: number | null;
  hi: number | null;
  dropOffRate: number | null;
  dropOffLo: number | null;
  dropOffHi: number | null;
  state: 'insufficient' | 'immature' | 'ok';
  matureShare: number | null;
  estimate: number | null;
  estimateLo: number | null;
  estimateHi: number | null;
  lostEstimate: number | null;
  lostEstimateLo: number | null;
  lostEstimateHi: number | null;
  naiveRate: number | null;
  naiveLostRate: number | null;
  horizonSeconds: number;
  secondsP50: number | null;
  naiveSecondsMean: number | null;
  expectedSeconds: number | null;
  pValue: number | null;
  qValue: number | null;
  goal: string | null;
  goalMet: boolean | null;
};

export type JourneyStagesMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Stages: who entered, advanced, was lost or is still open, with drop-off and time in stage
 *
 * One row per segment, bucket and stage. While a cohort is immature its `estimate` counts, not its `rate`. See packages/queries/docs/journeys.md.
 *
 * `GET /v1/journeys/{journey}/stages`
 */
export const stages = (journey: string, query?: JourneyStagesQuery): Question<JourneyStagesRow, JourneyStagesMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/stages`,
  query,
});
