import type { Channel, Notification, Outcome } from '../../src/index.ts';

/** A channel that a test plays the receiver of. */
export interface PlayedChannel extends Channel {
  /** `state id` of every attempt, in order. */
  readonly attempts: string[];
  /** The same with the number of the attempt. */
  readonly turns: string[];
  /** What comes next: a function of the notification, asked at each attempt. */
  play(next: (notification: Notification, attempt: number, signal: AbortSignal) => Promise<Outcome> | Outcome): void;
}

export const delivered: Outcome = { outcome: 'delivered' };
export const retry = (afterMs: number): Outcome => ({
  outcome: 'retry',
  afterMs,
  reason: 'status_unexpected',
  detail: '500',
});
export const refused: Outcome = { outcome: 'refused', reason: 'payload_refused', detail: '400' };

export function playedChannel(name: string, given: Partial<Pick<Channel, 'tells' | 'accepts'>> = {}): PlayedChannel {
  let next: Parameters<PlayedChannel['play']>[0] = () => delivered;
  const attempts: string[] = [];
  const turns: string[] = [];
  return {
    ...{ name, tells: 'messages', accepts: () => true, attempts, turns },
    ...given,
    play(to) {
      next = to;
    },
    async deliver(notification, attempt, signal) {
      attempts.push(`${notification.state} ${notification.id}`);
      turns.push(`${notification.state} ${attempt}`);
      return next(notification, attempt, signal);
    },
  };
}
