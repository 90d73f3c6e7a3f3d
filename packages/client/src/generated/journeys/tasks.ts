// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyTasksQuery = {
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
  /** only tasks of this owner; default all */
  owner?: string | undefined;
  /** open includes overdue; default open */
  state?: 'open' | 'overdue' | 'settled' | 'all' | undefined;
  /** rows at most: 1 to 5000 */
  limit?: number | undefined;
  /** language of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyTasksRow = {
  id: string;
  owner: string;
  text: string;
  state: 'open' | 'overdue' | 'settled';
  dueAt: string;
  createdAt: string;
  settledAt: string | null;
  signal: 'churn' | 'expansion' | 'golden_time';
  /** null in journeys of accounts, and for anonymous customers */
  customer: string | null;
  account: string | null;
  anonymous: string | null;
  stage: string;
  score: number | null;
};

export type JourneyTasksMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * What somebody is to do because a signal was raised, those that are due first
 *
 * A task is settled when its signal is cleared. `from`, `to`, `interval`, `count`, `by` and `segment` mean nothing here.
 *
 * `GET /v1/journeys/{journey}/tasks`
 */
export const tasks = (journey: string, query?: JourneyTasksQuery): Question<JourneyTasksRow, JourneyTasksMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/tasks`,
  query,
});
