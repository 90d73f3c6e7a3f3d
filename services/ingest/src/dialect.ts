import type { IncomingHttpHeaders } from 'node:http';
import { type MalformedRequest, parseNativeRequest, type RequestContext, type Verdict } from '@michinori/events';

export interface Answer {
  status: number;
  body: unknown;
}

/** What a dialect may look at besides the body. `contentType` is the one that was sent. */
export interface DialectInput extends RequestContext {
  headers: IncomingHttpHeaders;
  query: Readonly<Record<string, unknown>>;
}

/** `key`: an API key that stands in the body. `sender`: the dialect's name for this request, where it is more than one. */
export type DialectParsed =
  | { outcome: 'parsed'; verdicts: readonly Verdict[]; key?: string | null; sender?: string | null }
  | MalformedRequest;

/** One wire form at one place: where it is posted, how it is read, how it is answered. */
export interface Dialect {
  name: string;
  path: string;
  /** Clients may give the API key in the body instead of a header. */
  hasKeyInBody?: boolean;
  /** Clients send gzip without saying so. */
  hasSilentGzip?: boolean;
  parse(body: Uint8Array, input: DialectInput): DialectParsed;
  answer(verdicts: readonly Verdict[]): Answer;
}

/** 202 if at least one event was accepted, else 422; the refused ones are listed in both. */
export function answerWithVerdicts(verdicts: readonly Verdict[]): Answer {
  const rejected = verdicts.flatMap((verdict) => (verdict.accepted ? [] : [verdict.rejected.rejection]));
  const accepted = verdicts.length - rejected.length;
  return { status: accepted > 0 ? 202 : 422, body: { accepted, rejected } };
}

/** `POST /v1/events`. */
export const nativeDialect: Dialect = {
  name: 'native',
  path: '/v1/events',
  parse: parseNativeRequest,
  answer: answerWithVerdicts,
};
