import { createProblemRegistry } from '@michinori/runtime';

/** Every way in which a question can be refused; documented in `docs/errors.md`. */
export const problems = createProblemRegistry({
  invalid_request: { status: 400, title: 'The question is not valid' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  invalid_journey: { status: 400, title: 'The definition of a journey is not valid' },
  invalid_rule: { status: 400, title: 'The rule of an alert is not valid' },
  malformed_http: { status: 400, title: 'The request is not valid HTTP' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid' },
  missing_key: { status: 401, title: 'No API key' },
  invalid_key: { status: 401, title: 'The API key is not valid' },
  insufficient_scope: { status: 403, title: 'The API key may not do this' },
  foreign_origin: { status: 403, title: 'Call from a foreign origin' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  unknown_journey: { status: 404, title: 'There is no such journey' },
  unknown_alert: { status: 404, title: 'There is no such rule of an alert' },
  unknown_customer: { status: 404, title: 'There is no such customer' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  unknown_format: { status: 406, title: 'The format is unknown' },
  version_taken: { status: 409, title: 'The version means something else already' },
  version_too_old: { status: 409, title: 'A higher version was applied already' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The media type is not supported' },
  query_limit: { status: 422, title: 'The question needs more than it may use' },
  internal: { status: 500, title: 'A fault of the service' },
  no_event_log: { status: 501, title: 'This process has no event log' },
  journey_not_ready: { status: 503, title: 'The journey is being derived' },
  overloaded: { status: 503, title: 'Too many questions at once' },
  starting: { status: 503, title: 'The service is starting' },
  draining: { status: 503, title: 'The service is stopping' },
  log_unavailable: { status: 503, title: 'The event log does not take records' },
  store_unavailable: { status: 503, title: 'The store does not answer' },
});

export type ProblemCode = (typeof problems.codes)[number];
