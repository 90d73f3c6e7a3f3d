// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { FlatRow, Question } from '../../question.ts';

export type JourneyHealthTrackRecordQuery = {
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
  /** the newest record; all; what scores meant; default latest */
  detail?: 'latest' | 'history' | 'bands' | undefined;
  /** language of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyHealthTrackRecordRow = {
  /** the night of the record */
  asOf: string;
  /** null: the journey */
  stage: string | null;
  title: string;
  /** 0: the journey */
  position: number;
  horizonSeconds: number;
  /** the evaluation that was judged */
  scoresAsOf: string | null;
  state: 'ok' | 'insufficient' | 'no_scores';
  /** customers, or accounts, that were scored */
  n: number;
  /** of these, within the horizon */
  lost: number;
  /** chance that of one lost and one who stayed the lost one had the lower score; 0.5 is chance */
  auc: number | null;
  aucLo: number;
  aucHi: number;
  /** mean squared error of the scores as probabilities, as the evaluation before taught: 0…1 */
  brier: number | null;
  /** of who always says the share that was lost */
  brierBase: number | null;
  /** 1 − brier/brierBase, with its interval skillLo…skillHi */
  skill: number | null;
  skillLo: number | null;
  skillHi: number | null;
  /** from the evaluation to the end of the horizon, also of those who came later */
  losses: number;
  /** of the losses, without a churn signal */
  neverFlagged: number;
  neverFlaggedShare: number | null;
  neverFlaggedLo: number;
  neverFlaggedHi: number;
  /** from the churn signal to the loss */
  leadSecondsP25: number | null;
  leadSecondsP50: number | null;
  leadSecondsP50Lo: number | null;
  leadSecondsP50Hi: number | null;
  leadSecondsP75: number | null;
};

export type JourneyHealthTrackRecordMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Whether health scores were any good: those of one horizon ago against what happened since
 *
 * As it was judged in the night before asOf: a row for the journey (stage null) and one per stage; no rows before the first night. `detail=history`: of all nights in [from, to), the newest first. `detail=bands`: a row per band of scores (asOf, stage, title, position, from, to, n, lost, rate, lo, hi). Segments and intervals play no part. See packages/queries/docs/track-record.md.
 *
 * `GET /v1/journeys/{journey}/health/track-record`
 */
export function healthTrackRecord(
  journey: string,
  query: JourneyHealthTrackRecordQuery & { detail: 'bands' },
): Question<FlatRow, JourneyHealthTrackRecordMeta>;
export function healthTrackRecord(
  journey: string,
  query?: JourneyHealthTrackRecordQuery & { detail?: Exclude<JourneyHealthTrackRecordQuery['detail'], 'bands'> },
): Question<JourneyHealthTrackRecordRow, JourneyHealthTrackRecordMeta>;
export function healthTrackRecord(
  journey: string,
  query?: JourneyHealthTrackRecordQuery,
): Question<JourneyHealthTrackRecordRow | FlatRow, JourneyHealthTrackRecordMeta>;
export function healthTrackRecord(
  journey: string,
  query?: JourneyHealthTrackRecordQuery,
): Question<JourneyHealthTrackRecordRow | FlatRow, JourneyHealthTrackRecordMeta> {
  return { method: 'GET', path: `/v1/journeys/${encodeURIComponent(journey)}/health/track-record`, query };
}
