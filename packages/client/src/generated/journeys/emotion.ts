// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { FlatRow, Question } from '../../question.ts';

export type JourneyEmotionQuery = {
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
  /** instant of a release (ISO 8601) */
  compareAt?: string | undefined;
};

export type JourneyEmotionRow = {
  kind: 'stage' | 'touchpoint';
  stage: string;
  touchpoint: string | null;
  position: number;
  segment: string | null;
  bucket: string | null;
  customers: number;
  responses: number;
  mean: number | null;
  sentiment: number | null;
  lo: number | null;
  hi: number | null;
  shrunk: boolean;
  state: 'insufficient' | 'ok';
  trough: boolean;
  journeyMean: number | null;
};

export type JourneyEmotionMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * The emotion curve: mean sentiment along stages and touchpoints
 *
 * The range is that of the responses. With `compareAt` the rows are the means before and after that instant, their difference and its interval.
 *
 * `GET /v1/journeys/{journey}/emotion`
 */
export function emotion(
  journey: string,
  query: JourneyEmotionQuery & { compareAt: string },
): Question<FlatRow, JourneyEmotionMeta>;
export function emotion(
  journey: string,
  query?: JourneyEmotionQuery & { compareAt?: undefined },
): Question<JourneyEmotionRow, JourneyEmotionMeta>;
export function emotion(
  journey: string,
  query?: JourneyEmotionQuery,
): Question<JourneyEmotionRow | FlatRow, JourneyEmotionMeta>;
export function emotion(
  journey: string,
  query?: JourneyEmotionQuery,
): Question<JourneyEmotionRow | FlatRow, JourneyEmotionMeta> {
  return { method: 'GET', path: `/v1/journeys/${encodeURIComponent(journey)}/emotion`, query };
}
