import { journeyEndpoints } from './journeys/index-of-endpoints.ts';

/** Every path that answers a question. */
export const questionPaths: readonly string[] = [
  '/v1/funnels/query',
  '/v1/funnels/time-to-convert',
  '/v1/funnels/customers',
  '/v1/touchpoints',
  '/v1/export/events',
  '/v1/dead-letters',
  '/v1/journeys',
  '/v1/journeys/{journey}',
  '/v1/journeys/{journey}/rebuild',
  '/v1/rebuild',
  '/v1/improvements',
  '/v1/annotations',
  '/v1/segments',
  '/v1/alerts',
  '/v1/alerts/history',
  '/v1/alerts/rules',
  '/v1/alerts/rules/{alert}',
  '/v1/alerts/backtest',
  '/v1/customers/{customer}',
  ...journeyEndpoints.map(({ path }) => `/v1/journeys/{journey}/${path}`),
];
