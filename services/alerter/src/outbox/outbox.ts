import { createSilentLogger, type Logger } from '@michinori/runtime';
import type { Channel, Clock } from '../channels/channel.ts';
import { type DeliveryMetrics, noDeliveryMetrics } from '../channels/delivery-metrics.ts';
import type { Notification } from '../channels/notification.ts';
import type { Delivery } from './delivery.ts';
import { createLane, type Lane } from './lane.ts';
import type { OutboxStore } from './outbox-store.ts';

export interface OutboxOptions {
  readonly store: OutboxStore;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly metrics?: DeliveryMetrics;
}

/** Brings notifications to channels: remembered before they are sent, sent until it is known what became of them. */
export interface Outbox {
  /**
   * Takes notifications, in the order in which they are to arrive. When it resolves they are durable; if it rejects, the caller gives them again, with the same
   * ids. Ids that were taken before change nothing. Nothing is sent before the next tick.
   *
   * @param to names of the channels to tell, as far as they accept it; default: all. What is for a channel that isn't configured is kept until it is.
   */
  enqueue(notifications: readonly Notification[], to?: readonly string[]): Promise<void>;
  /**
   * Sends what is due as of the clock. A channel that is still busy is left alone, so ticks may overlap and a receiver that hangs holds up only
   * itself. Resolves when the channels are through; never rejects.
   */
  tick(): Promise<void>;
  /** Gives up what is under way, without deciding about it, and sends nothing more. */
  stop(): Promise<void>;
}

/** Makes an outbox. It starts no timer: somebody ticks, once a second or so. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store, channels, clock, logger = createSilentLogger(), metrics = noDeliveryMetrics } = options;
  const stopper = new AbortController();
  const lanes = new Map<string, Lane>(
    channels.map((channel) => [
      channel.name,
      createLane({ channel, store, clock, logger, metrics, signal: stopper.signal }),
    ]),
  );
  let loading: Promise<void> | undefined;
  let lastSequence = 0;
  /** One after the other, so that an end doesn't overtake its beginning on the way in. */
  let appending: Promise<void> = Promise.resolve();

  async function load(): Promise<void> {
    const found = await store.unfinished();
    const orphans = found.filter(({ channel }) => !lanes.has(channel));
    if (orphans.length > 0)
      logger.warn(
        { channels: [...new Set(orphans.map(({ channel }) => channel))], notifications: orphans.length },
        'notifications wait for channels that are not configured',
      );
    take(found);
  }

  /** Once; after a failure again. */
  function loaded(): Promise<void> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  function take(deliveries: readonly Delivery[]): void {
    for (const { sequence } of deliveries) lastSequence = Math.max(lastSequence, sequence);
    for (const [name, lane] of lanes) lane.add(deliveries.filter(({ channel }) => channel === name));
  }

  function deliveriesOf(notification: Notification, to: readonly string[]): Delivery[] {
    const nowUs = clock.nowUs();
    const start = { revision: 0, state: 'waiting', attempts: 0, reason: null, detail: '' } as const;
    const refusing = new Set(channels.filter((channel) => !channel.accepts(notification)).map(({ name }) => name));
    return [...new Set(to)]
      .filter((name) => !refusing.has(name))
      .map((channel) => {
        lastSequence = Math.max(lastSequence + 1, nowUs);
        return { ...start, notification, channel, sequence: lastSequence, dueAtUs: nowUs };
      });
  }

  function reportUnknown(to: readonly string[]): void {
    const unknown = to.filter((name) => !lanes.has(name));
    if (unknown.length > 0)
      logger.error({ channels: unknown }, 'notifications are for channels that are not configured');
  }

  async function append(notifications: readonly Notification[], to: readonly string[]): Promise<void> {
    await loaded();
    reportUnknown(to);
    try {
      take(await store.append(notifications.flatMap((notification) => deliveriesOf(notification, to))));
    } catch (error) {
      // Some of them may be there all the same.
      loading = undefined;
      throw error;
    }
  }

  return {
    enqueue(notifications, to = [...lanes.keys()]) {
      const taken = appending.then(() => append(notifications, to));
      appending = taken.catch(() => {});
      return taken;
    },
    async tick() {
      if (stopper.signal.aborted) return;
      try {
        await loaded();
      } catch (err) {
        logger.error({ err }, 'the outbox can not be read yet');
        return;
      }
      await Promise.all([...lanes.values()].map((lane) => lane.drain()));
    },
    async stop() {
      stopper.abort();
      await Promise.all([...lanes.values()].map((lane) => lane.drain()));
    },
  };
}
