/** A property or trait value. Whole numbers lie within ±(2^53 − 1); every number is the one that was sent. */
export type Scalar = string | number | boolean;

/** A decimal amount kept as the text that was sent, with its ISO 4217 code. */
export interface Amount {
  readonly value: string;
  readonly currency: string;
}

export type Direction = 'inbound' | 'outbound';

/**
 * The canonical event: one immutable fact about one customer, the same whatever dialect brought it.
 * `null` = not given. Times are integer microseconds since 1970-01-01T00:00:00Z; `occurredAtUs` is already corrected
 * for the client's clock. At least one of `customer` and `anonymous` is given. No text contains NUL or a lone
 * surrogate, and no text but a property's or trait's value is empty.
 */
export interface TouchpointEvent {
  readonly id: string;
  readonly customer: string | null;
  readonly anonymous: string | null;
  readonly account: string | null;
  readonly touchpoint: string;
  readonly channel: string | null;
  readonly team: string | null;
  readonly direction: Direction | null;
  readonly topic: string | null;
  readonly occurredAtUs: number;
  readonly receivedAtUs: number;
  readonly sequence: number | null;
  readonly sentiment: number | null;
  readonly nps: number | null;
  readonly amount: Amount | null;
  readonly properties: ReadonlyMap<string, Scalar>;
  readonly traits: ReadonlyMap<string, Scalar>;
}

/**
 * Names of the log's topics, without the deployment's prefix: what customers did, what was refused of it, and what was found out,
 * for others to consume.
 */
export const topics = { events: 'events', deadLetters: 'dead-letters', signals: 'signals' } as const;

/**
 * The log key of an event: everything of one customer goes to one partition, in order. An event without a customer is
 * its own customer for now: NUL + anonymous id, which no customer id can equal because NUL is refused in texts.
 */
export function partitionKey(event: Pick<TouchpointEvent, 'customer' | 'anonymous'>): string {
  return event.customer ?? `\0${event.anonymous ?? ''}`;
}
