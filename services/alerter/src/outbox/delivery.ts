import type { DeliveryReason } from '../channels/delivery-reasons.ts';
import type { Notification } from '../channels/notification.ts';

/**
 * `waiting`: to be sent. `standing`: delivered, and to be said again. The others are final: `delivered`; `refused`, a dead letter; `replaced` by something newer
 * about the same series.
 */
export const deliveryStates = ['waiting', 'standing', 'delivered', 'refused', 'replaced'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One notification for one channel, and how far it has come. */
export interface Delivery {
  readonly notification: Notification;
  readonly channel: string;
  /** Orders the deliveries of a channel: what was told first is lower. µs since the epoch, moved on where two would be equal. */
  readonly sequence: number;
  /** Counts what was recorded about it, from 0; the highest holds. */
  readonly revision: number;
  readonly state: DeliveryState;
  /** Failed attempts since it was last delivered. */
  readonly attempts: number;
  /** When it is to be sent next, µs since the epoch. */
  readonly dueAtUs: number;
  /** Of the last failure; null: there was none since it was last delivered. */
  readonly reason: DeliveryReason | null;
  readonly detail: string;
}

/** Whether nothing more is to be done. */
export function isFinal({ state }: Pick<Delivery, 'state'>): boolean {
  return state !== 'waiting' && state !== 'standing';
}

/** Names a delivery. */
export function deliveryKey({ notification, channel }: Pick<Delivery, 'notification' | 'channel'>): string {
  return `${notification.id} ${channel}`;
}
