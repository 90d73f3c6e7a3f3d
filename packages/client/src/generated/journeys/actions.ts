// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyActionsQuery = {
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

export type JourneyActionsRow = {
  signal: 'churn' | 'expansion' | 'golden_time';
  /** the channel that is told */
  webhook: string | null;
  /** whose task it is */
  owner: string | null;
  /** of the journey that brought it */
  version: number;
  /** when that was applied */
  at: string;
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

export type JourneyActionsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * What is done when signals are raised, since when, and what became different from then on
 *
 * Cohorts that began before and after an action was introduced are compared on the whole way, as for an improvement: 180 days to either side unless `from` or `to` say otherwise. Whatever else changed at that time counts as well; nobody was chosen by lot.
 *
 * `GET /v1/journeys/{journey}/actions`
 */
export const actions = (
  journey: string,
  query?: JourneyActionsQuery,
): Question<JourneyActionsRow, JourneyActionsMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/actions`,
  query,
});
