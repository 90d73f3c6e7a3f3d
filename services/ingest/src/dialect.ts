import { type ParsedRequest, parseNativeRequest, type RequestContext, type Verdict } from '@michinori/events';

export interface Answer {
  status: number;
  body: unknown;
}

/** One wire form: where it is posted, how it is read, how it is answered. */
export interface Dialect {
  name: string;
  path: string;
  parse(body: Uint8Array, context: RequestContext): ParsedRequest;
  answer(verdicts: readonly Verdict[]): Answer;
}

/** `POST /v1/events`: 202 if at least one event was accepted, else 422; the refused ones are listed in both. */
export const nativeDialect: Dialect = {
  name: 'native',
  path: '/v1/events',
  parse: parseNativeRequest,
  answer(verdicts) {
    const rejected = verdicts.flatMap((verdict) => (verdict.accepted ? [] : [verdict.rejected.rejection]));
    const accepted = verdicts.length - rejected.length;
    return { status: accepted > 0 ? 202 : 422, body: { accepted, rejected } };
  },
};
