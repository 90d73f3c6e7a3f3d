// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { FlatRow, Question } from '../../question.ts';

export type JourneyNpsQuery = {
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
  /** entry (month of the first visit), stage (at the answer), touchpoint (the last one before it), or none; default none */
  cohort?: 'none' | 'entry' | 'stage' | 'touchpoint' | undefined;
  /** the score, or the movement between buckets; default score */
  detail?: 'score' | 'movement' | undefined;
};

export type JourneyNpsRow = {
  cohort: string | null;
  segment: string | null;
  bucket: string | null;
  responses: number;
  promoters: number;
  passives: number;
  detractors: number;
  nps: number | null;
  lo: number | null;
  hi: number | null;
  state: 'insufficient' | 'ok';
  asked: number;
  answered: number;
  responseShare: number | null;
  responseShareLo: number | null;
  responseShareHi: number | null;
  pValue: number | null;
  qValue: number | null;
};

export type JourneyNpsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Net Promoter Score per cohort: the latest answer of each customer
 *
 * The range is that of the answers. `detail=movement` shows how customers moved between promoter, passive and detractor from bucket to bucket.
 *
 * `GET /v1/journeys/{journey}/nps`
 */
export function nps(
  journey: string,
  query: JourneyNpsQuery & { detail: 'movement' },
): Question<FlatRow, JourneyNpsMeta>;
export function nps(
  journey: string,
  query?: JourneyNpsQuery & { detail?: Exclude<JourneyNpsQuery['detail'], 'movement'> },
): Question<JourneyNpsRow, JourneyNpsMeta>;
export function nps(journey: string, query?: JourneyNpsQuery): Question<JourneyNpsRow | FlatRow, JourneyNpsMeta>;
export function nps(journey: string, query?: JourneyNpsQuery): Question<JourneyNpsRow | FlatRow, JourneyNpsMeta> {
  return { method: 'GET', path: `/v1/journeys/${encodeURIComponent(journey)}/nps`, query };
}
