import type { Failure } from './delivery-reasons.ts';
import type { Notification } from './notification.ts';

/** What became of one attempt to deliver. */
export type Outcome =
  /** The receiver has it. `againAfterMs`: it wants to hear so again, for as long as nothing newer is known of the series. */
  | { readonly outcome: 'delivered'; readonly againAfterMs?: number }
  /** Not yet. `isPause`: the receiver asked for quiet, so that nothing else is sent to it until then. */
  | ({ readonly outcome: 'retry'; readonly afterMs: number; readonly isPause?: boolean } & Failure)
  /** Never: a dead letter. */
  | ({ readonly outcome: 'refused' } & Failure);

/** One receiver of notifications. */
export interface Channel {
  /** As configured, unique. Names the receiver in the outbox: a channel that is renamed begins anew. */
  readonly name: string;
  /**
   * `messages`: every transition arrives, firing before resolved. `state`: only the newest of a series counts; what it replaces is dropped if it hasn't
   * been delivered yet.
   */
  readonly tells: 'messages' | 'state';
  /** Whether it is for this channel. Depends on the series alone, so that who hears of a firing hears of its end. */
  accepts(notification: Notification): boolean;
  /**
   * Delivers once. Ends by itself, whatever the receiver does. A rejection is a bug and counts as `sender_failed`.
   *
   * @param attempt counted from 1 since the notification was last delivered
   * @param signal gives up; the outcome doesn't count then
   */
  deliver(notification: Notification, attempt: number, signal: AbortSignal): Promise<Outcome>;
}

/** Time as the alerter sees it, µs since the epoch. Tests hand in their own. */
export interface Clock {
  nowUs(): number;
}
