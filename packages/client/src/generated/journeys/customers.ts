// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyCustomersQuery = {
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
  /** only visits to this stage; default all */
  stage?: string | undefined;
  /** only visits that came to this; dropped is lost or silent */
  outcome?: 'advanced' | 'lost' | 'silent' | 'dropped' | 'returned' | 'open' | 'completed' | undefined;
  /** only visits that this touchpoint touched */
  touchpoint?: string | undefined;
  /** false: only visits that the touchpoint did not touch */
  touched?: boolean | undefined;
  /** true: who is in good spirits and has just reached a milestone */
  golden?: boolean | undefined;
  /** golden: the touchpoint */
  milestone?: string | undefined;
  /** golden: how long ago the milestone may be, default 30d */
  within?: string | undefined;
  /** rows at most: 1 to 5000 */
  limit?: number | undefined;
  /** `meta.cursor` of the page before */
  cursor?: string | undefined;
};

export type JourneyCustomersRow = {
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
  /** the journey's segments at entry: plan:pro region:jp */
  segment: string;
  /** golden: mean of the last 30 days */
  sentiment?: number | null;
  /** golden: mean sentiment of the stage */
  stageMean?: number | null;
  /** golden: the latest one */
  milestoneAt?: string;
};

export type JourneyCustomersMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
  /** for the next page; null on the last one */
  cursor: string | null;
};

/**
 * The customers behind the numbers of stages and touchpoints, page by page; or those to make an offer to
 *
 * Every visit that `/stages` counts with the same parameters. With `golden=true` those with an open visit whose sentiment is above the mean of their stage and who had the milestone lately.
 *
 * `GET /v1/journeys/{journey}/customers`
 */
export const customers = (
  journey: string,
  query?: JourneyCustomersQuery,
): Question<JourneyCustomersRow, JourneyCustomersMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/customers`,
  query,
});
