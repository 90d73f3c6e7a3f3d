import { seriesOf } from '../channels/notification.ts';
import { type Delivery, deliveryKey, isFinal } from './delivery.ts';

/** The unfinished deliveries of one channel, series by series, each in the order in which they were added: that of their sequence. */
export interface SeriesQueues {
  /** Adds a delivery behind the others. One that is there already, or was until it was final, is left out. */
  add(delivery: Delivery): void;
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
      if (known.has(key)) return;
      known.add(key);
      const series = seriesOf(delivery.notification);
      queues.set(series, [...(queues.get(series) ?? []), delivery]);
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
