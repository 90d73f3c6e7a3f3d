// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyLossesQuery = {
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

export type JourneyLossesRow = {
  stage: string;
  title: string;
  position: number;
  /** value of the segment of `by`; null without */
  segment: string | null;
  /** start of the bucket; null without interval */
  bucket: string | null;
  kind: 'all' | 'silent' | 'exit';
  /** of an exit; empty: none was given */
  reason: string | null;
  lost: number;
  entered: number;
  /** lost of entered */
  rate: number | null;
  rateLo: number | null;
  rateHi: number | null;
  k: number;
  /** all losses of the stage */
  n: number;
  /** k of n */
  share: number | null;
  lo: number | null;
  hi: number | null;
  state: 'insufficient' | 'ok';
  /** median stay until the loss */
  secondsP50: number | null;
  /** median time from the last touch to the loss */
  silenceSecondsP50: number | null;
};

export type JourneyLossesMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Who was lost from each stage: by silence, or by an exit, by reason
 *
 * Per segment, bucket and stage a row for all losses, one for those by silence, and one for each reason of an exit. See packages/queries/docs/losses.md.
 *
 * `GET /v1/journeys/{journey}/losses`
 */
export const losses = (journey: string, query?: JourneyLossesQuery): Question<JourneyLossesRow, JourneyLossesMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/losses`,
  query,
});
