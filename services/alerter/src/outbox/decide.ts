import type { Channel, Outcome } from '../channels/channel.ts';
import type { Delivery } from './delivery.ts';

/**
 * The deliveries of a series that something newer takes the place of: those that were delivered and are said again, and, where only the
 * state counts, also those that weren't delivered. Pure.
 *
 * @param queue unfinished deliveries of one channel and series, in the order of their sequence
 */
export function replaced(queue: readonly Delivery[], tells: Channel['tells']): Delivery[] {
  return queue.slice(0, -1).filter(({ state }) => tells === 'state' || state === 'standing');
}

/**
 * What a channel sends next: the most overdue among the first of each series, or nothing. What follows in a series waits until the one before is
 * final, so an end never overtakes its beginning; other series go on meanwhile. Pure.
 *
 * @param queues unfinished deliveries of one channel, by series, in the order of their sequence
 */
export function nextDue(queues: Iterable<readonly Delivery[]>, nowUs: number): Delivery | null {
  let next: Delivery | null = null;
  for (const queue of queues) {
    const head = queue[0];
    if (head === undefined || head.dueAtUs > nowUs) continue;
    if (
      next === null ||
      head.dueAtUs < next.dueAtUs ||
      (head.dueAtUs === next.dueAtUs && head.sequence < next.sequence)
    )
      next = head;
  }
  return next;
}

/** A delivery after an attempt. Pure. */
export function afterAttempt(delivery: Delivery, outcome: Outcome, nowUs: number): Delivery {
  const { attempts } = delivery;
  const next = { ...delivery, revision: delivery.revision + 1 };
  switch (outcome.outcome) {
    case 'delivered':
      return outcome.againAfterMs === undefined
        ? { ...next, state: 'delivered', attempts: 0, reason: null, detail: '' }
        : standing(next, nowUs + outcome.againAfterMs * 1000);
    case 'retry':
      return {
        ...next,
        attempts: attempts + 1,
        dueAtUs: nowUs + outcome.afterMs * 1000,
        reason: outcome.reason,
        detail: outcome.detail,
      };
    case 'refused':
      return { ...next, state: 'refused', attempts: attempts + 1, reason: outcome.reason, detail: outcome.detail };
  }
}

function standing(delivery: Delivery, dueAtUs: number): Delivery {
  return { ...delivery, state: 'standing', attempts: 0, dueAtUs, reason: null, detail: '' };
}

/** A delivery that something newer took the place of. Pure. */
export function afterReplacement(delivery: Delivery): Delivery {
  return { ...delivery, revision: delivery.revision + 1, state: 'replaced' };
}
