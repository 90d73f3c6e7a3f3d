// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyHealthCustomersQuery = {
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
  /** only this stage; default all */
  stage?: string | undefined;
  /** which scores come first; default lowest */
  order?: 'lowest' | 'highest' | undefined;
  /** rows at most: 1 to 5000 */
  limit?: number | undefined;
  /** `meta.cursor` of the page before */
  cursor?: string | undefined;
};

export type JourneyHealthCustomersRow = {
  /** null in journeys of accounts, and for anonymous customers */
  customer: string | null;
  account: string | null;
  anonymous: string | null;
  stage: string;
  enteredAt: string;
  score: number;
  /** JSON: the lines whose points add up to the score, with their evidence */
  ledger: string;
  /** `plan:pro region:jp`, at the begin of the visit */
  segment: string;
};

export type JourneyHealthCustomersMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
  /** as of when health was last evaluated up to asOf; null: it was not */
  evaluatedAt: string | null;
  /** for the next page; null on the last one */
  cursor: string | null;
};

/**
 * The customers behind `/health`, by score, with the ledger that each score is the sum of
 *
 * `GET /v1/journeys/{journey}/health/customers`
 */
export const healthCustomers = (
  journey: string,
  query?: JourneyHealthCustomersQuery,
): Question<JourneyHealthCustomersRow, JourneyHealthCustomersMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/health/customers`,
  query,
});
