// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyHealthSuggestionsQuery = {
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
  /** language of titles and sentences, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyHealthSuggestionsRow = {
  /** the night of the record */
  asOf: string;
  rule: string;
  title: string;
  /** whose own rule it is; null: of the journey */
  stage: string | null;
  /** as the definition had them */
  points: number;
  suggested: number | null;
  lo: number | null;
  hi: number | null;
  /** clear, unclear, insufficient, same_customers; of all rules: too_few_losses, one_outcome, singular, … */
  state: string;
  /** the rule that held for the very same ones */
  sameAs: string | null;
  held: number;
  heldLost: number;
  units: number;
  losses: number;
  sentence: string;
};

export type JourneyHealthSuggestionsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * What the points of health rules could be, by what happened; never applied on their own
 *
 * A row per rule, as it was judged in the night before asOf; no rows before the first night. Segments, intervals and the range play no part. See packages/queries/docs/track-record.md.
 *
 * `GET /v1/journeys/{journey}/health/suggestions`
 */
export const healthSuggestions = (
  journey: string,
  query?: JourneyHealthSuggestionsQuery,
): Question<JourneyHealthSuggestionsRow, JourneyHealthSuggestionsMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/health/suggestions`,
  query,
});
