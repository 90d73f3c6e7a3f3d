/** Every path that answers a question. */
export const questionPaths = [
  '/v1/funnels/query',
  '/v1/funnels/time-to-convert',
  '/v1/funnels/customers',
  '/v1/touchpoints',
  '/v1/dead-letters',
] as const;
