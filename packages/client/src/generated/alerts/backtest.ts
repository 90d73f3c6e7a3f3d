// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type AlertBacktestBody = {
  /** YAML text of one rule */
  rule?: string | undefined;
  /** id of a stored rule, instead of `rule` */
  alert?: string | undefined;
  /** first evaluation (default: the first event) */
  from?: string | undefined;
  /** last evaluation (default: the last event) */
  to?: string | undefined;
  /** what an evaluation knew: the events that were received by then, or those that had occurred; auto: received, unless most came more than a day late; default auto */
  knownBy?: 'auto' | 'received' | 'occurred' | undefined;
  /** times in which something is known to have gone wrong; other alarms are false then; at most 100 */
  incidents?:
    | readonly {
        /** begin of the incident: whoever entered from then on was concerned */
        from: string;
        /** its end, exclusive */
        to: string;
        /** default: every stage */
        stage?: string | undefined;
        /** `plan:pro`; default: everybody */
        segment?: string | undefined;
      }[]
    | undefined;
  /** of the titles; default en */
  locale?: 'en' | 'ja' | undefined;
};

export type AlertBacktestRow = {
  alert: string;
  journey: string;
  kind: string;
  severity: string;
  stage: string;
  /** `plan:pro`; empty: everybody */
  segment: string;
  touchpoint: string | null;
  /** first alarming evaluation */
  startedAt: string;
  /** when somebody would have been told */
  firedAt: string;
  /** null: still firing at the end */
  resolvedAt: string | null;
  /** of the end: calm or insufficient */
  reason: string | null;
  /** the window that fired it */
  windowFrom: string | null;
  windowTo: string | null;
  k: number | null;
  n: number | null;
  rate: number | null;
  lo: number | null;
  hi: number | null;
  usual: number | null;
  usualLo: number | null;
  usualHi: number | null;
  lift: number | null;
  p: number | null;
  q: number | null;
  /** from the begin of its first alarming window to the alarm */
  sinceWindowSeconds: number;
  /** by the incidents that were named; null without any */
  verdict: 'detected' | 'false' | null;
  /** place of its incident in the list, from 1 */
  incident: number | null;
  /** from the begin of the incident to the alarm */
  delaySeconds: number | null;
  /** from when a whole window of the incident could be judged */
  delayAfterMatureSeconds: number | null;
  title: string;
};

export type AlertBacktestMeta = {
  alert: string;
  journey: string;
  journeyVersion: number;
  timezone: string;
  kind: string;
  from: string;
  to: string;
  evaluations: number;
  /** that could judge at least one series */
  evaluationsJudged: number;
  /** series that were judged at least once */
  seriesJudged: number;
  /** how often, over all series of all evaluations */
  findings: Record<string, number>;
  alarms: number;
  /** null where no incidents were named */
  falseAlarms: number | null;
  /** what the next ones are about */
  rateOf: 'all alarms' | 'false alarms';
  /** in which something was judged */
  weeks: number;
  alarmsPerWeek: number | null;
  /** Poisson, 95 % */
  alarmsPerWeekLo: number | null;
  alarmsPerWeekHi: number | null;
  /** false_alarms_per_week of the rule */
  budgetPerWeek: number;
  /** unclear: above it, but it may be chance */
  withinBudget: 'yes' | 'unclear' | 'no' | null;
  knownBy: 'received' | 'occurred';
  knownByBecause: string;
  /** from the oldest window to the last evaluation */
  events: number;
  /** received more than a day after they occurred */
  eventsDaysLate: number;
  /** received after an evaluation by which they had occurred */
  eventsMissed: number;
  incidents: {
    from: string;
    to: string;
    stage: string | null;
    segment: string | null;
    detected: boolean;
    /** when a whole window of it could be judged; null if its stages differ in that */
    matureAt: string | null;
    firstAlarmAt: string | null;
    delaySeconds: number | null;
    delayAfterMatureSeconds: number | null;
  }[];
  watermark: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Replay a rule over the past: one row per alarm that it would have given
 *
 * Every evaluation of the past is decided with what was known then. With the incidents that are known, alarms are told apart into detected and false ones; their rate stands beside the budget of the rule.
 *
 * `POST /v1/alerts/backtest`
 */
export const backtest = (body: AlertBacktestBody): Question<AlertBacktestRow, AlertBacktestMeta> => ({
  method: 'POST',
  path: '/v1/alerts/backtest',
  body,
});
