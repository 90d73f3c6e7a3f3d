// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type AlertRemoveRuleRow = {
  alert: string;
  /** unchanged: it stood there with this very text; valid: dryRun, it would be accepted */
  state: 'accepted' | 'unchanged' | 'valid' | 'removed';
};

export type AlertRemoveRuleMeta = {
  at: string;
};

/**
 * Take a rule of alerts away; its alarms end
 *
 * Durable in the log when it is answered. A rule of a file is taken out of its file.
 *
 * `DELETE /v1/alerts/rules/{alert}`
 */
export const removeRule = (alert: string): Question<AlertRemoveRuleRow, AlertRemoveRuleMeta> => ({
  method: 'DELETE',
  path: `/v1/alerts/rules/${encodeURIComponent(alert)}`,
});
