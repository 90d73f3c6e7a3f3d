// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneySignalsQuery = {
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
  /** only these; default all */
  signal?: 'churn' | 'expansion' | 'golden_time' | undefined;
  /** those that stand as of asOf, that are over, or both; default open */
  state?: 'open' | 'past' | 'all' | undefined;
  /** only those raised in this stage; default all */
  stage?: string | undefined;
  /** rows at most: 1 to 5000 */
  limit?: number | undefined;
};

export type JourneySignalsRow = {
  signal: 'churn' | 'expansion' | 'golden_time';
  /** null in journeys of accounts, and for anonymous customers */
  customer: string | null;
  account: string | null;
  anonymous: string | null;
  /** when it was raised */
  stage: string;
  score: number | null;
  /** at the evaluation before; null if there was none */
  scoreBefore: number | null;
  /** rules that moved the score since the evaluation before, the largest change first */
  moved: string;
  raisedAt: string;
  /** null while it stands */
  clearedAt: string | null;
  /** found when a journey got a history: nobody was told */
  backfilled: boolean;
  id: string;
};

export type JourneySignalsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Signals of health: who is at risk of churn, ready for expansion or in golden time, since when and why
 *
 * The newest first. `from` and `to`, where they are given, are about when a signal was raised; `interval`, `count`, `by` and `segment` mean nothing here.
 *
 * `GET /v1/journeys/{journey}/signals`
 */
export const signals = (
  journey: string,
  query?: JourneySignalsQuery,
): Question<JourneySignalsRow, JourneySignalsMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/signals`,
  query,
});
