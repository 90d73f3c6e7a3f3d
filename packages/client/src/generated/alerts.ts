// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
export { backtest } from './alerts/backtest.ts';
export { history } from './alerts/history.ts';
export { list } from './alerts/list.ts';
