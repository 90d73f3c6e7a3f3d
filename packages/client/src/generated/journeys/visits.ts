// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyVisitsQuery = {
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
  /** customers or accounts at most, with all their visits: 1 to 5000 */
  limit?: number | undefined;
  /** `meta.cursor` of the page before */
  cursor?: string | undefined;
};

export type JourneyVisitsRow = {
  /** null in journeys of accounts, and for anonymous customers */
  customer: string | null;
  account: string | null;
  anonymous: string | null;
  stage: string;
  cycle: number;
  visit: number;
  enteredAt: string;
  endedAt: string | null;
  outcome: 'open' | 'advanced' | 'returned' | 'lost' | 'silent' | 'completed';
  next: string | null;
  reason: string | null;
  lastActivityAt: string;
  seconds: number;
  [name: string]: string | string | null | number | 'open' | 'advanced' | 'returned' | 'lost' | 'silent' | 'completed';
};

export type JourneyVisitsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
  /** for the next page; null on the last one */
  cursor: string | null;
  /** about how much of the whole is done with this page, 0…1 */
  progress: number;
};

/**
 * All visits, page by page
 *
 * Every visit that began in the range (default: all), unit by unit, of each in their order, with a column `segment.NAME` for every segment of the journey. `count`, `by` and `interval` mean nothing here. `michinori export visits` turns them into a file.
 *
 * `GET /v1/journeys/{journey}/visits`
 */
export const visits = (journey: string, query?: JourneyVisitsQuery): Question<JourneyVisitsRow, JourneyVisitsMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/visits`,
  query,
});
