import { seriesOf } from '../channels/notification.ts';
import { type Delivery, deliveryKey, isFinal } from './delivery.ts';

/** The unfinished deliveries of one channel, series by series, each in the order of their sequence. */
export interface SeriesQueues {
  /** Adds a delivery in its place. False: it is there already, or was until it was final. */
  add(delivery: Delivery): boolean;
  /** Puts a later revision in the place of a delivery, and takes it out if it is final. */
  put(delivery: Delivery): void;
  /** By series, never empty. */
  all(): Iterable<readonly Delivery[]>;
}

/** Makes queues without anything in them. */
export function createSeriesQueues(): SeriesQueues {
  const queues = new Map<string, Delivery[]>();
  const known = new Set<string>();

  return {
    add(delivery) {
      const key = deliveryKey(delivery);
      if (known.has(key)) return false;
      known.add(key);
      const series = seriesOf(delivery.notification);
      const queue = [...(queues.get(series) ?? []), delivery];
      queues.set(
        series,
        queue.sort((a, b) => a.sequence - b.sequence),
      );
      return true;
    },
    put(delivery) {
      const series = seriesOf(delivery.notification);
      const key = deliveryKey(delivery);
      const queue = (queues.get(series) ?? []).flatMap((each) => {
        if (deliveryKey(each) !== key) return [each];
        return isFinal(delivery) ? [] : [delivery];
      });
      if (queue.length === 0) queues.delete(series);
      else queues.set(series, queue);
    },
    all: () => queues.values(),
  };
}
