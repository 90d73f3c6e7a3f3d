// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyMapQuery = {
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
  /** overview: stages and edges; full: touchpoints too; default full */
  detail?: 'overview' | 'full' | undefined;
  /** judge the outcome this long after entry, e.g. 30d; default the horizon of each stage */
  horizon?: string | undefined;
  /** language of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyMapRow = {
  kind: 'stage' | 'touchpoint' | 'edge';
  stage: string | null;
  to: string | null;
  touchpoint: string | null;
  title: string;
  position: number;
  /** value of the segment of `by`; null without */
  segment: string | null;
  /** start of the bucket; null without interval */
  bucket: string | null;
  entered: number;
  advanced: number | null;
  lost: number | null;
  open: number | null;
  rate: number | null;
  lo: number | null;
  hi: number | null;
  state: 'insufficient' | 'immature' | 'ok';
  share: number | null;
  sentiment: number | null;
  sentimentLo: number | null;
  sentimentHi: number | null;
  goal: string | null;
  goalMet: boolean | null;
  secondsP50: number | null;
  /** of a stage: mean score as of the last evaluation; null with interval */
  health: number | null;
};

export type JourneyMapMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * The journey as a drawing: stages, their touchpoints, and the ways between them
 *
 * `GET /v1/journeys/{journey}/map`
 */
export const map = (journey: string, query?: JourneyMapQuery): Question<JourneyMapRow, JourneyMapMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/map`,
  query,
});
