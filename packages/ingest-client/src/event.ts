/** A value of a property or trait. Nested objects are flattened with dots, lists kept as JSON text. */
export type PropertyValue =
  | (string | number | boolean | null | undefined | Date)
  | readonly PropertyValue[]
  | { readonly [name: string]: PropertyValue };

type Given<T> = T | null | undefined;
type Facts = Given<{ readonly [name: string]: PropertyValue }>;

interface EventFields {
  /** Two events with one id are one event; a UUID is made where none is given. */
  id?: Given<string>;
  /** What happened, e.g. `app.first_login`. */
  touchpoint: string;
  /** The company that the customer belongs to. */
  account?: Given<string>;
  /** Where it happened, e.g. `app`, `mail`, `phone`. */
  channel?: Given<string>;
  /** Who of yours took part. */
  team?: Given<string>;
  direction?: Given<'inbound' | 'outbound'>;
  /** What it was about. */
  topic?: Given<string>;
  /** A Date, or RFC 3339 with zone; the moment of `track` where it isn't given. */
  occurredAt?: Given<Date | string>;
  /** Whole number: order among events of one instant. */
  sequence?: Given<number>;
  /** −1…1 */
  sentiment?: Given<number>;
  /** Whole number, 0…10. */
  nps?: Given<number>;
  /** Decimal text and ISO 4217 code. */
  amount?: Given<{ readonly value: string; readonly currency: string }>;
  /** Facts about the event. */
  properties?: Facts;
  /** Facts about the customer from this event on. */
  traits?: Facts;
}

/** One fact about one customer: `customer` or `anonymous`, or both, which says that they are the same person. */
export type TrackedEvent = EventFields &
  ({ customer: string; anonymous?: Given<string> } | { customer?: Given<string>; anonymous: string });

/** An event as it was when it was tracked: what a repetition must not change. */
export interface WaitingEvent {
  /** JSON text. */
  readonly text: string;
  /** Length of the text in UTF-8. */
  readonly bytes: number;
}

/** Fixes id, time and content. @throws TypeError for what JSON would lose: a BigInt, NaN, an invalid Date, a circle */
export function snapshot(event: TrackedEvent, id: string): WaitingEvent {
  const text = JSON.stringify({ ...event, id, occurredAt: event.occurredAt ?? new Date() }, keepExactly);
  return { text, bytes: new TextEncoder().encode(text).length };
}

function keepExactly(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const isLost = typeof value === 'number' ? !Number.isFinite(value) : value === null && this[name] instanceof Date;
  if (isLost) throw new TypeError(`${name} is ${this[name]}`);
  return value;
}

/** UUID version 4; `crypto.randomUUID` is missing in pages without TLS. */
export function newId(): string {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0'));
  return hex.join('').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}

/** Length of a batch inside its request, with the commas. */
export const bytesOf = (batch: readonly WaitingEvent[]): number => batch.reduce((sum, { bytes }) => sum + bytes + 1, 0);
