// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
export { events } from './exports/events.ts';
