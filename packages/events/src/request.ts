import { type RequestErrorCode, requestErrorStatus } from './codes.ts';
import type { Verdict } from './verdict.ts';

/** A request that is refused as a whole. `path` is a JSON pointer into the body; `''` = the body itself. */
export interface MalformedRequest {
  readonly outcome: 'malformed';
  readonly status: 400 | 413 | 415;
  readonly code: RequestErrorCode;
  readonly path: string;
  readonly message: string;
}

export type ParsedRequest = { readonly outcome: 'parsed'; readonly verdicts: Verdict[] } | MalformedRequest;

/** A refused request with the status of its code. */
export function malformed(code: RequestErrorCode, path: string, message: string): MalformedRequest {
  return { outcome: 'malformed', status: requestErrorStatus[code], code, path, message };
}
