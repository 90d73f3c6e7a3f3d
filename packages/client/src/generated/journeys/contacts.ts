// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { FlatRow, Question } from '../../question.ts';

export type JourneyContactsQuery = {
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
  /** double contacts counted; one by one; or enquiries and their answers; default double */
  detail?: 'double' | 'list' | 'response' | undefined;
  /** double, list: how soon after another team, default 7d; response: when an answer is in time, default 1d */
  within?: string | undefined;
  /** response: touchpoints that are enquiries (exact, or prefix with *), repeatable; default any inbound one with a topic */
  enquiry?: string | readonly string[] | undefined;
  /** list: rows at most, 1 to 5000 */
  limit?: number | undefined;
};

export type JourneyContactsRow = {
  topic: string;
  firstTeam: string;
  secondTeam: string;
  /** value of the segment of `by`; null without */
  segment: string | null;
  /** start of the bucket; null without interval */
  bucket: string | null;
  contacts: number;
  customers: number;
  outbound: number;
  share: number | null;
  lo: number | null;
  hi: number | null;
  state: 'insufficient' | 'immature' | 'ok';
  secondsBetweenP50: number | null;
};

export type JourneyContactsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Contact hygiene: two teams with the same customer about the same topic; how soon enquiries are answered
 *
 * The range is that of the second contact, or of the enquiry. The rows described are those of `detail=double`; the others are described in packages/queries/docs/contacts-and-customers.md.
 *
 * `GET /v1/journeys/{journey}/contacts`
 */
export function contacts(
  journey: string,
  query: JourneyContactsQuery & { detail: 'list' | 'response' },
): Question<FlatRow, JourneyContactsMeta>;
export function contacts(
  journey: string,
  query?: JourneyContactsQuery & { detail?: Exclude<JourneyContactsQuery['detail'], 'list' | 'response'> },
): Question<JourneyContactsRow, JourneyContactsMeta>;
export function contacts(
  journey: string,
  query?: JourneyContactsQuery,
): Question<JourneyContactsRow | FlatRow, JourneyContactsMeta>;
export function contacts(
  journey: string,
  query?: JourneyContactsQuery,
): Question<JourneyContactsRow | FlatRow, JourneyContactsMeta> {
  return { method: 'GET', path: `/v1/journeys/${encodeURIComponent(journey)}/contacts`, query };
}
