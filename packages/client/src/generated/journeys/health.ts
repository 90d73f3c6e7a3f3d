// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyHealthQuery = {
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
  /** language of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyHealthRow = {
  stage: string;
  title: string;
  position: number;
  /** value of the segment of `by`; null without */
  segment: string | null;
  customers: number;
  /** mean, 0 to 100 */
  score: number | null;
  scoreLo: number | null;
  scoreHi: number | null;
  /** whose score is below the threshold of churn */
  k: number;
  n: number;
  rate: number | null;
  lo: number | null;
  hi: number | null;
  /** how many have a score from 0 to 19 */
  from0: number;
  from20: number;
  from40: number;
  from60: number;
  from80: number;
};

export type JourneyHealthMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
  /** as of when health was last evaluated up to asOf; null: it was not */
  evaluatedAt: string | null;
};

/**
 * Scores of the customers in each stage, and how many are at risk, as of the last evaluation
 *
 * `from`, `to`, `interval` and `count` mean nothing here: everybody who stands in a stage is counted.
 *
 * `GET /v1/journeys/{journey}/health`
 */
export const health = (journey: string, query?: JourneyHealthQuery): Question<JourneyHealthRow, JourneyHealthMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/health`,
  query,
});
