// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type AlertListQuery = {
  /** only this rule */
  alert?: string | undefined;
  /** only rules about this journey */
  journey?: string | undefined;
};

export type AlertListRow = {
  alert: string;
  journey: string;
  kind: string;
  severity: string;
  stage: string;
  /** `plan:pro`; empty: everybody */
  segment: string;
  touchpoint: string | null;
  /** ok, pending, firing; or why it was not judged: insufficient, no-data, late-data, query-failed */
  state: string;
  /** has fired and is not resolved, also while it can not be judged */
  firing: boolean;
  episode: string | null;
  startedAt: string | null;
  firedAt: string | null;
  evaluatedAt: string;
  windowFrom: string | null;
  windowTo: string | null;
  k: number | null;
  n: number | null;
  rate: number | null;
  lo: number | null;
  hi: number | null;
  usual: number | null;
  lift: number | null;
  usualLo: number | null;
  usualHi: number | null;
  p: number | null;
  q: number | null;
};

export type AlertListMeta = {
  watermark: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * What alerts watch, as of the last evaluation of each rule: one row per series
 *
 * `GET /v1/alerts`
 */
export const list = (query?: AlertListQuery): Question<AlertListRow, AlertListMeta> => ({
  method: 'GET',
  path: '/v1/alerts',
  query,
});
