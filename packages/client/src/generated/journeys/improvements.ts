// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyImprovementsQuery = {
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

export type JourneyImprovementsRow = {
  id: string;
  title: string;
  at: string;
  stage: string | null;
  segment: string | null;
  owner: string;
  hypothesis: string;
  due: string | null;
  isDue: boolean;
  customersBefore: number;
  customersAfter: number;
  secondsBefore: number | null;
  secondsAfter: number | null;
  differenceSeconds: number | null;
  differenceLo: number | null;
  differenceHi: number | null;
  advancedShareBefore: number | null;
  advancedShareAfter: number | null;
  naiveMeanBefore: number | null;
  naiveMeanAfter: number | null;
  logRankP: number | null;
  didSeconds: number | null;
  didLo: number | null;
  didHi: number | null;
  verdict: string | null;
  reason: string | null;
};

export type JourneyImprovementsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * The improvements of a journey and what each did to the cycle time of its stage
 *
 * Each is compared with 180 days to either side of it unless `from` or `to` say otherwise.
 *
 * `GET /v1/journeys/{journey}/improvements`
 */
export const improvements = (
  journey: string,
  query?: JourneyImprovementsQuery,
): Question<JourneyImprovementsRow, JourneyImprovementsMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/improvements`,
  query,
});
