// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { FlatRow, Question } from '../../question.ts';

export type JourneyCycleTimeQuery = {
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
  /** stage that the way begins with; default the first one */
  fromStage?: string | undefined;
  /** stage that it leads to; default the one after fromStage, or the last one */
  toStage?: string | undefined;
  /** compare those who set out before and after this time (ISO 8601) */
  compareAt?: string | undefined;
  /** compare before and after an improvement, by its id */
  improvement?: string | undefined;
  /** horizon of shares and restricted means, e.g. 30d; default that of the stages */
  horizon?: string | undefined;
  /** a row per cohort, or the points of its curve; default summary */
  detail?: 'summary' | 'curve' | undefined;
};

export type JourneyCycleTimeRow = {
  period: 'all' | 'before' | 'after';
  segment: string | null;
  n: number;
  advanced: number;
  lost: number;
  open: number;
  matureShare: number | null;
  state: 'insufficient' | 'immature' | 'ok';
  horizonSeconds: number;
  secondsP25: number | null;
  secondsP50: number | null;
  secondsP50Lo: number | null;
  secondsP50Hi: number | null;
  secondsP75: number | null;
  secondsP90: number | null;
  restrictedMeanSeconds: number | null;
  restrictedMeanLo: number | null;
  restrictedMeanHi: number | null;
  advancedShare: number | null;
  advancedShareLo: number | null;
  advancedShareHi: number | null;
  naiveMeanSeconds: number | null;
  naiveP50Seconds: number | null;
  naiveShare: number | null;
  differenceSeconds: number | null;
  differenceLo: number | null;
  differenceHi: number | null;
  advancedShareDifference: number | null;
  advancedShareDifferenceLo: number | null;
  advancedShareDifferenceHi: number | null;
  logRankP: number | null;
  verdict: 'shorter' | 'longer' | 'no evidence' | 'too early' | null;
  reason: string | null;
  didSeconds: number | null;
  didLo: number | null;
  didHi: number | null;
  didVerdict: 'shorter' | 'longer' | 'no evidence' | 'too early' | null;
};

export type JourneyCycleTimeMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
  fromStage: string;
  toStage: string;
  changeAt: string | null;
};

/**
 * Time between two stages, and what a change did to it
 *
 * Correct although many are still on their way (Aalen–Johansen). `shorter` or `longer` is said only if the interval of the difference excludes 0 and the later cohort is mature.
 *
 * `GET /v1/journeys/{journey}/cycle-time`
 */
export function cycleTime(
  journey: string,
  query: JourneyCycleTimeQuery & { detail: 'curve' },
): Question<FlatRow, JourneyCycleTimeMeta>;
export function cycleTime(
  journey: string,
  query?: JourneyCycleTimeQuery & { detail?: Exclude<JourneyCycleTimeQuery['detail'], 'curve'> },
): Question<JourneyCycleTimeRow, JourneyCycleTimeMeta>;
export function cycleTime(
  journey: string,
  query?: JourneyCycleTimeQuery,
): Question<JourneyCycleTimeRow | FlatRow, JourneyCycleTimeMeta>;
export function cycleTime(
  journey: string,
  query?: JourneyCycleTimeQuery,
): Question<JourneyCycleTimeRow | FlatRow, JourneyCycleTimeMeta> {
  return { method: 'GET', path: `/v1/journeys/${encodeURIComponent(journey)}/cycle-time`, query };
}
