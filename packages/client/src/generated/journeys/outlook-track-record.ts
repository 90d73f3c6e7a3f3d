// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { FlatRow, Question } from '../../question.ts';

export type JourneyOutlookTrackRecordQuery = {
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
  /** how good; or what was said, bin by bin; default summary */
  detail?: 'summary' | 'calibration' | undefined;
  /** judge the outcome this long after entry, e.g. 30d; default the horizon of each stage */
  horizon?: string | undefined;
  /** language of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyOutlookTrackRecordRow = {
  stage: string;
  title: string;
  position: number;
  horizonSeconds: number;
  /** past moments */
  cuts: number;
  /** visits that were forecast */
  visits: number;
  forecasts: number;
  /** open visits for which too little was known then */
  unknown: number;
  /** share of the visits of the range that was looked at */
  sampledShare: number | null;
  /** mean squared error over advanced, lost, staying: 0…2 */
  brier: number | null;
  /** of who always says the shares with which the outcomes came in the end */
  brierBase: number | null;
  /** 1 − brier/brierBase, with its interval lo…hi */
  skill: number | null;
  lo: number | null;
  hi: number | null;
  verdict: 'skill' | 'no_skill' | 'insufficient';
  advancedAuc: number | null;
  advancedAucLo: number;
  advancedAucHi: number;
  /** small: forecasts of advancing were not calibrated */
  advancedCalibrationP: number;
  lostAuc: number | null;
  lostAucLo: number;
  lostAucHi: number;
  lostCalibrationP: number;
};

export type JourneyOutlookTrackRecordMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Whether the outlook was any good: forecasts at past moments against what happened since
 *
 * A row per stage. `detail=calibration`: a row per stage, outcome and bin of forecasts (stage, position, outcome, from, to, n, k, forecast, rate, lo, hi). `interval` plays no part. See packages/queries/docs/outlook.md.
 *
 * `GET /v1/journeys/{journey}/outlook/track-record`
 */
export function outlookTrackRecord(
  journey: string,
  query: JourneyOutlookTrackRecordQuery & { detail: 'calibration' },
): Question<FlatRow, JourneyOutlookTrackRecordMeta>;
export function outlookTrackRecord(
  journey: string,
  query?: JourneyOutlookTrackRecordQuery & {
    detail?: Exclude<JourneyOutlookTrackRecordQuery['detail'], 'calibration'>;
  },
): Question<JourneyOutlookTrackRecordRow, JourneyOutlookTrackRecordMeta>;
export function outlookTrackRecord(
  journey: string,
  query?: JourneyOutlookTrackRecordQuery,
): Question<JourneyOutlookTrackRecordRow | FlatRow, JourneyOutlookTrackRecordMeta>;
export function outlookTrackRecord(
  journey: string,
  query?: JourneyOutlookTrackRecordQuery,
): Question<JourneyOutlookTrackRecordRow | FlatRow, JourneyOutlookTrackRecordMeta> {
  return { method: 'GET', path: `/v1/journeys/${encodeURIComponent(journey)}/outlook/track-record`, query };
}
