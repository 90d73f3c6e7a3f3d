/** What the OpenAPI document says besides the routes. */
export const openApiHead = {
  openapi: '3.1.0',
  info: {
    title: 'Michinori query API',
    version: '1.0.0',
    description:
      'Questions about customer journeys. Every rate carries k, n and a 95 % interval; rows are flat; ' +
      'errors are problem+json (RFC 9457). Every answer can be had as JSON, CSV or NDJSON (`Accept` or `?format=`).',
  },
  servers: [],
  components: {
    securitySchemes: {
      bearer: { type: 'http' as const, scheme: 'bearer', description: 'An API key with the scope `query`.' },
      header: { type: 'apiKey' as const, in: 'header' as const, name: 'X-API-Key' },
    },
  },
  security: [{ bearer: [] }, { header: [] }, {}],
};
