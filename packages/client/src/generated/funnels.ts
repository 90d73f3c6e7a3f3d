// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
export { customers } from './funnels/customers.ts';
export { query } from './funnels/query.ts';
export { timeToConvert } from './funnels/time-to-convert.ts';
