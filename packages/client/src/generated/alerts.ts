// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
export { applyRules } from './alerts/apply-rules.ts';
export { backtest } from './alerts/backtest.ts';
export { getRule } from './alerts/get-rule.ts';
export { history } from './alerts/history.ts';
export { list } from './alerts/list.ts';
export { removeRule } from './alerts/remove-rule.ts';
export { rules } from './alerts/rules.ts';
