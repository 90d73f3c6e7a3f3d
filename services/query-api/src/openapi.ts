/** What the OpenAPI document says besides the routes. */
export const openApiHead = {
  openapi: '3.1.0',
  info: {
    title: 'Michinori query API',
    version: '1.0.0',
    description:
      'Questions about customer journeys. Every rate carries k, n and a 95 % interval; rows are flat; times are ISO 8601 UTC, durations seconds, rates 0…1. ' +
      'Errors are problem+json (RFC 9457). A parameter of the address without a value counts as not given. Every answer can be had as JSON, CSV or NDJSON (`Accept` or `?format=`).',
  },
  servers: [{ url: '/' }],
  tags: [
    { name: 'funnels', description: 'How many customers reached each step, dropped, or are still on the way.' },
    { name: 'journeys', description: 'Definitions of journeys, and what follows from them.' },
    { name: 'improvements', description: 'What was changed, so that its effect can be measured.' },
    { name: 'alerts', description: 'What is watched, what is unusual, and what happened.' },
    { name: 'data', description: 'What has arrived, and what was refused.' },
  ],
  components: {
    securitySchemes: {
      bearer: {
        type: 'http' as const,
        scheme: 'bearer',
        description: 'An API key with the scope `query`; to write, `admin`.',
      },
      header: { type: 'apiKey' as const, in: 'header' as const, name: 'X-API-Key' },
    },
  },
  security: [{ bearer: [] }, { header: [] }, {}],
};

interface Response {
  headers?: object;
  content?: Record<string, unknown>;
}

interface Operation {
  requestBody?: { content?: Record<string, object> };
  responses?: Record<string, Response>;
}

const text = { schema: { type: 'string' } };
const formats = {
  'text/csv': { ...text, example: 'RFC 4180, one line per row, names of the row members as heading' },
  'application/x-ndjson': { ...text, example: 'one JSON row a line' },
};
const answerHeaders = {
  ETag: { description: 'changes when rows or meta change', ...text },
  'Michinori-Meta': { description: 'CSV and NDJSON only: `meta` as JSON', ...text },
};
const problemHeaders: Record<string, object> = {
  '401': { 'WWW-Authenticate': text },
  '503': { 'Retry-After': { description: 'seconds', ...text } },
};

/** Adds what holds for every question: the three formats, headers, and problem+json as the media type of errors. Pure. */
export function completeOpenApi<D extends { paths?: unknown }>(document: D): D {
  const paths = Object.entries((document.paths ?? {}) as Record<string, Record<string, Operation>>).map(
    ([path, item]) => [
      path,
      Object.fromEntries(Object.entries(item).map(([method, operation]) => [method, completeOperation(operation)])),
    ],
  );
  return { ...document, paths: Object.fromEntries(paths) };
}

function completeOperation(operation: Operation): Operation {
  const responses = Object.entries(operation.responses ?? {}).map(([status, response]) => [
    status,
    status === '200' || status === '202' ? completeAnswer(response) : completeProblem(status, response),
  ]);
  const content = operation.requestBody?.content;
  const requestBody =
    content === undefined ? {} : { requestBody: { ...operation.requestBody, content: textBodies(content) } };
  return { ...operation, ...requestBody, responses: Object.fromEntries(responses) };
}

/** A body that may also come as plain text or YAML is the text itself there. */
function textBodies(content: Record<string, object>): Record<string, object> {
  const bodies = Object.entries(content).map(([type, body]) => [type, /json/.test(type) ? body : text]);
  return Object.fromEntries(bodies);
}

function completeAnswer(response: Response): Response {
  return { ...response, headers: answerHeaders, content: { ...response.content, ...formats } };
}

function completeProblem(status: string, response: Response): Response {
  const { 'application/json': body, ...others } = response.content ?? {};
  const content = body === undefined ? others : { 'application/problem+json': body };
  const headers = problemHeaders[status];
  return { ...response, ...(headers === undefined ? {} : { headers }), content };
}
