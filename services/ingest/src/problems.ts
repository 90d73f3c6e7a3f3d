import { requestErrorStatus } from '@michinori/events';
import { createProblemRegistry } from '@michinori/runtime';

const requestTitles = {
  empty_body: 'The body is empty',
  invalid_utf8: 'The body is not UTF-8',
  invalid_json: 'The body is not JSON',
  wrong_type: 'The body has the wrong shape',
  no_events: 'The request has no events',
  unknown_field: 'The request has an unknown field',
  duplicate_name: 'A name is given twice',
  invalid_sent_at: 'The time of sending is not valid',
  request_too_large: 'The request is too large',
  too_many_events: 'The request has too many events',
  unsupported_media_type: 'The content type is not supported',
  unsupported_charset: 'The charset is not supported',
} as const satisfies Record<keyof typeof requestErrorStatus, string>;

function requestProblem<C extends keyof typeof requestErrorStatus>(code: C) {
  return { status: requestErrorStatus[code], title: requestTitles[code] };
}

/** Every problem that ingest answers with; explained in docs/errors.md. */
export const problems = createProblemRegistry({
  empty_body: requestProblem('empty_body'),
  invalid_utf8: requestProblem('invalid_utf8'),
  invalid_json: requestProblem('invalid_json'),
  wrong_type: requestProblem('wrong_type'),
  no_events: requestProblem('no_events'),
  unknown_field: requestProblem('unknown_field'),
  duplicate_name: requestProblem('duplicate_name'),
  invalid_sent_at: requestProblem('invalid_sent_at'),
  request_too_large: requestProblem('request_too_large'),
  too_many_events: requestProblem('too_many_events'),
  unsupported_media_type: requestProblem('unsupported_media_type'),
  unsupported_charset: requestProblem('unsupported_charset'),
  missing_key: { status: 401, title: 'No API key' },
  invalid_key: { status: 401, title: 'The API key is not valid' },
  insufficient_scope: { status: 403, title: 'The API key may not do this' },
  foreign_origin: { status: 403, title: 'Foreign pages may not do this' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'The method is not allowed' },
  request_timeout: { status: 408, title: 'The request took too long' },
  unsupported_encoding: { status: 415, title: 'The content encoding is not supported' },
  invalid_encoding: { status: 400, title: 'The body is not encoded as it says' },
  body_cut: { status: 400, title: 'The body ended too early' },
  malformed_http: { status: 400, title: 'The request is not valid HTTP' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  too_many_requests: { status: 429, title: 'Too many requests at once' },
  overloaded: { status: 503, title: 'Too much to do' },
  draining: { status: 503, title: 'The process is stopping' },
  log_unavailable: { status: 503, title: 'The event log is not available' },
  internal_error: { status: 500, title: 'Something went wrong' },
});

export type ProblemCode = (typeof problems.codes)[number];

/** A request that is refused as a whole. */
export interface Refusal {
  outcome: 'refused';
  code: ProblemCode;
  detail: string;
  /** JSON pointer into the body, if the fault has a place there. */
  path?: string;
}

export function refuse(code: ProblemCode, detail: string, path?: string): Refusal {
  return { outcome: 'refused', code, detail, ...(path === undefined ? {} : { path }) };
}
