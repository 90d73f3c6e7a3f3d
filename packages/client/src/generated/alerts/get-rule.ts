// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type AlertGetRuleQuery = {
  /** of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type AlertGetRuleRow = {
  alert: string;
  title: string;
  journey: string | null;
  kind: string | null;
  /** ids with commas; empty: all that are not terminal */
  stages: string | null;
  /** segments that are judged value by value, with commas */
  by: string | null;
  /** null: that of the kind and the stage */
  horizonSeconds: number | null;
  windowDays: number | null;
  baselineDays: number | null;
  schedule: string | null;
  falseAlarmsPerWeek: number | null;
  minN: number | null;
  minLift: number | null;
  for: number | null;
  severity: string | null;
  /** names with commas */
  channels: string | null;
  runbook: string | null;
  /** file: it stands in a file of the alerter and is changed there */
  origin: 'file' | 'api';
  changedAt: string;
  /** the file, or the visible part of the key that was used */
  changedBy: string;
  /** why it is not, or not fully, evaluated; `GET /v1/alerts/rules/{alert}` lists them */
  problems: number;
  /** the first of them */
  problem: string | null;
  /** the YAML text */
  source: string;
};

export type AlertGetRuleMeta = {
  watermark: string | null;
  generatedInMs: number;
  /** JSON only */
  problems?: {
    code: string;
    pointer: string;
    line: number;
    column: number;
    message: string;
    suggestion: string | null;
  }[];
};

/**
 * A rule of alerts; as JSON also everything that is wrong with it now
 *
 * `GET /v1/alerts/rules/{alert}`
 */
export const getRule = (alert: string, query?: AlertGetRuleQuery): Question<AlertGetRuleRow, AlertGetRuleMeta> => ({
  method: 'GET',
  path: `/v1/alerts/rules/${encodeURIComponent(alert)}`,
  query,
});
