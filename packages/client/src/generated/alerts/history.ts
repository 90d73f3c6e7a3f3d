// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type AlertHistoryQuery = {
  /** only this rule */
  alert?: string | undefined;
  /** only rules about this journey */
  journey?: string | undefined;
  /** at or after this time (ISO 8601) */
  from?: string | undefined;
  /** before this time (ISO 8601) */
  to?: string | undefined;
  /** rows at most: 1 to 5000 */
  limit?: number | undefined;
};

export type AlertHistoryRow = {
  at: string;
  alert: string;
  journey: string;
  stage: string;
  /** `plan:pro`; empty: everybody */
  segment: string;
  touchpoint: string | null;
  transition: 'started' | 'fired' | 'dropped' | 'resolved';
  /** of an end: calm, insufficient or retired */
  reason: string | null;
  episode: string;
  startedAt: string;
  windowFrom: string | null;
  windowTo: string | null;
  k: number | null;
  n: number | null;
  rate: number | null;
  lo: number | null;
  hi: number | null;
  usual: number | null;
  lift: number | null;
  q: number | null;
};

export type AlertHistoryMeta = {
  watermark: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * What happened to alerts, the newest first: one row per beginning, alarm and end of an episode
 *
 * `GET /v1/alerts/history`
 */
export const history = (query?: AlertHistoryQuery): Question<AlertHistoryRow, AlertHistoryMeta> => ({
  method: 'GET',
  path: '/v1/alerts/history',
  query,
});
