// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyOutlookQuery = {
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
  /** judge the outcome this long after entry, e.g. 30d; default the horizon of each stage */
  horizon?: string | undefined;
  /** language of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyOutlookRow = {
  stage: string;
  title: string;
  position: number;
  /** value of the segment of `by`; null without */
  segment: string | null;
  /** the forecast is that of a visit that has lasted this long */
  spentFromSeconds: number;
  spentToSeconds: number | null;
  /** visits open at asOf that have lasted from spentFromSeconds to spentToSeconds */
  open: number;
  /** insufficient: too few visits were watched for as long as the horizon */
  state: 'ok' | 'insufficient';
  advanced: number | null;
  advancedLo: number | null;
  advancedHi: number | null;
  lost: number | null;
  lostLo: number | null;
  lostHi: number | null;
  staying: number | null;
  stayingLo: number | null;
  stayingHi: number | null;
  /** to an earlier stage */
  returned: number | null;
  /** time in the stage of those it was learnt from */
  landmarkSeconds: number | null;
  /** visits (of the segment) that were left then */
  atRisk: number;
  /** share of the segment in the forecast, 0…1; null without segments */
  weight: number | null;
  /** of the open visits, each by its own time spent */
  expectedAdvanced: number | null;
  expectedLost: number | null;
  horizonSeconds: number;
};

export type JourneyOutlookMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * The next step of open visits: advancing, being lost or staying within the horizon, by time spent
 *
 * One row per segment, stage and band of time spent. Learnt from the visits that began in [from, to), by default in the 365 days before asOf; `open` are all visits that are open at asOf. See packages/queries/docs/outlook.md.
 *
 * `GET /v1/journeys/{journey}/outlook`
 */
export const outlook = (
  journey: string,
  query?: JourneyOutlookQuery,
): Question<JourneyOutlookRow, JourneyOutlookMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}/outlook`,
  query,
});
