import type { RejectionCode } from './codes.ts';
import type { TouchpointEvent } from './event.ts';
import { limits } from './limits.ts';
import { cutToBytes } from './text.ts';

/**
 * What is wrong with one event. `path` is a JSON pointer (RFC 6901) into that event to a value that exists: a missing
 * field points to the object that lacks it.
 */
export interface Fault {
  readonly code: RejectionCode;
  readonly path: string;
  readonly message: string;
}

/** A fault with the event's place in its request (from 0) and its id, if it has a usable one. */
export interface Rejection extends Fault {
  readonly index: number;
  readonly id: string | null;
}

/** `raw` is the event's JSON text as it was sent, cut to `limits.rawBytesMax` bytes. */
export interface RejectedEvent {
  readonly rejection: Rejection;
  readonly raw: string;
}

export type Verdict =
  | { readonly accepted: true; readonly event: TouchpointEvent }
  | { readonly accepted: false; readonly rejected: RejectedEvent };

/** The verdict that refuses an event, with its text bounded. */
export function reject(fault: Fault, index: number, id: string | null, raw: string): Verdict {
  const { code, path, message } = fault;
  return {
    accepted: false,
    rejected: { rejection: { index, id, code, path, message }, raw: cutToBytes(raw, limits.rawBytesMax) },
  };
}
