// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyBottlenecksQuery = {
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

export type JourneyBottlenecksRow = {
  stage: string;
  title: string;
  position: number;
  by: string;
  entered: number;
  enteredPerMonth: number;
  rate: number | null;
  lo: number | null;
  hi: number | null;
  n: number;
  bestSegment: string | null;
  bestRate: number | null;
  bestLo: number | null;
  bestHi: number | null;
  bestN: number | null;
  comparableSegments: number;
  completionShare: number | null;
  gain: number | null;
  gainLo: number | null;
  gainHi: number | null;
  effort: number;
  priority: number | null;
  state: 'insufficient' | 'ok';
  reason: 'current' | 'best' | 'completed' | 'segments' | null;
};

export type JourneyBottlenecksMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * What each stage would gain if it did as well as its best comparable segment, by gain and effort
 *
 * One row per stage and segment name (all of the journey, or the one of `by`). The interval plays no part.
 *
 * `GET /v1/journeys/{journey}/bottlenecks`
 */
export const bottlenecks = (
  journey: string,
  query?: JourneyBottlenecksQuery,
): Question<JourneyBottlenecksRow, JourneyBottlenecksMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/bottlenecks`,
  query,
});
