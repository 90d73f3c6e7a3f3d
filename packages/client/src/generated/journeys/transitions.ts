// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyTransitionsQuery = {
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

export type JourneyTransitionsRow = {
  /** value of the segment of `by`; null without */
  segment: string | null;
  /** start of the bucket; null without interval */
  bucket: string | null;
  from: string | null;
  to: string;
  kind: 'entry' | 'stage' | 'lost' | 'silent' | 'open';
  customers: number;
  n: number;
  share: number | null;
  lo: number | null;
  hi: number | null;
  state: 'insufficient' | 'immature' | 'ok';
  naiveSecondsP25: number | null;
  naiveSecondsP50: number | null;
  naiveSecondsP75: number | null;
  naiveSecondsP90: number | null;
  secondsP50: number | null;
};

export type JourneyTransitionsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Where customers go from each stage, and how long it takes
 *
 * `GET /v1/journeys/{journey}/transitions`
 */
export const transitions = (
  journey: string,
  query?: JourneyTransitionsQuery,
): Question<JourneyTransitionsRow, JourneyTransitionsMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/transitions`,
  query,
});
