import type { MalformedRequest } from '../request.ts';
import type { Verdict } from '../verdict.ts';

/**
 * What a request in another wire form says. `key`: the API key that stands in the body, if there is one; whoever answers
 * the request has to verify it before anything is stored. `sender`: the client that was recognised, where one wire form
 * has several, else null.
 */
export type DialectRequest =
  | {
      readonly outcome: 'parsed';
      readonly verdicts: Verdict[];
      readonly key: string | null;
      readonly sender: string | null;
    }
  | MalformedRequest;

/** `receivedAtUs` in microseconds; `newId` makes an id for an event that has none and can't be told from its repetition. */
export interface DialectContext {
  readonly receivedAtUs: number;
  readonly newId?: () => string;
}
