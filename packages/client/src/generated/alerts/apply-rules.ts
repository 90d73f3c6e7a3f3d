// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type AlertApplyRulesQuery = {
  /** true: only check */
  dryRun?: boolean | undefined;
};

export type AlertApplyRulesBody = {
  /** YAML text of one or several rules */
  source?: string | undefined;
  /** one rule as an object, with the keys of the YAML text */
  rule?:
    | {
        alert: string;
        journey: string;
        [name: string]: unknown | string;
      }
    | undefined;
};

export type AlertApplyRulesRow = {
  alert: string;
  /** unchanged: it stood there with this very text; valid: dryRun, it would be accepted */
  state: 'accepted' | 'unchanged' | 'valid' | 'removed';
};

export type AlertApplyRulesMeta = {
  at: string;
};

/**
 * Apply rules of alerts: new ones, or others in place of those with the same ids. All of the text, or nothing
 *
 * Durable in the log when it is answered; the alerter takes it up within a minute or two. Journeys, stages and segments must exist in the newest version of their journey that was applied. Whether channels exist is known to the alerter alone: its log names those that do not. With `dryRun=true` nothing is stored.
 *
 * `POST /v1/alerts/rules`
 */
export const applyRules = (
  body: string | AlertApplyRulesBody,
  query?: AlertApplyRulesQuery,
): Question<AlertApplyRulesRow, AlertApplyRulesMeta> => ({
  method: 'POST',
  path: '/v1/alerts/rules',
  query,
  body,
  textType: 'text/yaml',
});
