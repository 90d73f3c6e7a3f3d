import type { Logger } from '@michinori/runtime';
import type { Channel, Clock, Outcome } from '../channels/channel.ts';
import type { DeliveryMetrics } from '../channels/delivery-metrics.ts';
import { afterFailure, webhookSchedule } from '../channels/retry-schedule.ts';
import { afterAttempt, afterReplacement, nextDue, replaced } from './decide.ts';
import { type Delivery, deliveryKey } from './delivery.ts';
import type { OutboxStore } from './outbox-store.ts';
import { createSeriesQueues } from './series-queues.ts';

export interface LaneOptions {
  readonly channel: Channel;
  readonly store: Pick<OutboxStore, 'record'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: DeliveryMetrics;
  readonly signal: AbortSignal;
}

/** The deliveries of one channel, sent one at a time. */
export interface Lane {
  /** Adds deliveries of this channel; ones that are here already are left out. */
  add(deliveries: readonly Delivery[]): void;
  /** Sends what is due; what it was called for while it ran counts as done. Never rejects. */
  drain(): Promise<void>;
}

/**
 * Makes a lane. What was sent and can't be recorded isn't sent again by this lane: it is recorded at the next drain. What a process that died had sent without
 * recording it is sent again by the next one, with the same id.
 */
export function createLane({ channel, store, clock, logger, metrics, signal }: LaneOptions): Lane {
  const queues = createSeriesQueues();
  const unrecorded = new Map<string, Delivery>();
  let pausedUntilUs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  /** Replaces what is known of a delivery, here at once and then in the store. */
  async function keep(before: Delivery, delivery: Delivery): Promise<void> {
    queues.put(delivery);
    // Said once more: whoever starts anew says it at once, and needs no trace of it.
    if (delivery.state === 'standing' && before.state === 'standing') return;
    await record(delivery);
  }

  async function record(delivery: Delivery): Promise<void> {
    const key = deliveryKey(delivery);
    unrecorded.set(key, delivery);
    await store.record(delivery);
    unrecorded.delete(key);
  }

  function show(): void {
    let waiting = 0;
    let oldestUs: number | null = null;
    for (const queue of queues.all())
      for (const { state, sequence } of queue) {
        if (state !== 'waiting') continue;
        waiting += 1;
        oldestUs = Math.min(oldestUs ?? sequence, sequence);
      }
    metrics.waiting(channel.name, waiting, oldestUs);
  }

  async function dropReplaced(): Promise<void> {
    const found: Delivery[] = [];
    for (const queue of queues.all()) if (queue.length > 1) found.push(...replaced(queue, channel.tells));
    for (const delivery of found) await keep(delivery, afterReplacement(delivery));
  }

  async function attempt(delivery: Delivery): Promise<Outcome> {
    const turn = delivery.attempts + 1;
    try {
      return await channel.deliver(delivery.notification, turn, signal);
    } catch (err) {
      logger.error({ err, channel: channel.name }, 'a channel failed in a way that it does not know');
      const failure = { reason: 'sender_failed', detail: err instanceof Error ? err.message : String(err) } as const;
      return afterFailure(webhookSchedule, { id: delivery.notification.id, attempt: turn, failure });
    }
  }

  function report(delivery: Delivery, outcome: Outcome, nowUs: number): void {
    metrics.attempted(channel.name, outcome.outcome);
    if (outcome.outcome === 'delivered') {
      if (delivery.state === 'waiting') metrics.delayed(channel.name, (nowUs - delivery.sequence) / 1_000_000);
      return;
    }
    const { id, alert, state } = delivery.notification;
    const { reason, detail } = outcome;
    const facts = {
      channel: channel.name,
      notification: id,
      alert,
      state,
      attempt: delivery.attempts + 1,
      reason,
      detail,
    };
    if (outcome.outcome === 'refused') logger.error(facts, 'a notification will not be delivered');
    else logger.warn({ ...facts, afterMs: outcome.afterMs }, 'a notification was not delivered yet');
  }

  async function run(): Promise<void> {
    for (const delivery of [...unrecorded.values()]) await record(delivery);
    for (;;) {
      await dropReplaced();
      const startedUs = clock.nowUs();
      const delivery = startedUs < pausedUntilUs ? null : nextDue(queues.all(), startedUs);
      if (delivery === null || signal.aborted) return;
      const outcome = await attempt(delivery);
      if (signal.aborted && outcome.outcome !== 'delivered') return;
      const nowUs = clock.nowUs();
      report(delivery, outcome, nowUs);
      if (outcome.outcome === 'retry' && outcome.isPause) pausedUntilUs = nowUs + outcome.afterMs * 1000;
      await keep(delivery, afterAttempt(delivery, outcome, nowUs));
    }
  }

  async function drain(): Promise<void> {
    try {
      await run();
    } catch (err) {
      logger.error({ err, channel: channel.name }, 'what became of a notification can not be recorded yet');
    }
    show();
    running = undefined;
  }

  return {
    add(deliveries) {
      for (const delivery of deliveries) queues.add(delivery);
      show();
    },
    drain() {
      running ??= drain();
      return running;
    },
  };
}
