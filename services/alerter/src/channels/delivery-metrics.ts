import { durationBucketsSeconds, limitedLabel, type Metrics } from '@michinori/runtime';
import type { Outcome } from './channel.ts';

/** What is counted of deliveries and alerts. */
export interface DeliveryMetrics {
  attempted(channel: string, outcome: Outcome['outcome']): void;
  /** Seconds from being remembered to being delivered for the first time. */
  delayed(channel: string, seconds: number): void;
  /** What a channel hasn't got yet. `oldestUs`: when the oldest of them was remembered, µs since the epoch. */
  waiting(channel: string, records: number, oldestUs: number | null): void;
  /** The channels that there are now: their counters begin at 0, and what waited for others isn't shown any more. */
  showChannels(channels: readonly string[]): void;
  /** Alert → whether it fires for at least one series. Replaces everything that was shown. */
  showAlerts(alerts: ReadonlyMap<string, boolean>): void;
}

/** Counts nothing. */
export const noDeliveryMetrics: DeliveryMetrics = {
  attempted() {},
  delayed() {},
  waiting() {},
  showChannels() {},
  showAlerts() {},
};

/** Alerts that have series of their own; those beyond are shown together as `other`. */
const alertsMax = 500;

/** From a tenth of a second to half a day. */
const delayBucketsSeconds = [...durationBucketsSeconds.filter((bound) => bound >= 0.1), 60, 300, 1800, 7200, 43_200];

/**
 * Registers the metrics of alerts and their deliveries; see docs/metrics.md.
 *
 * @param channels names of all channels, so that counters begin at 0
 */
export function createDeliveryMetrics(metrics: Metrics, channels: readonly string[]): DeliveryMetrics {
  const state = metrics.gauge({
    name: 'michinori_alert_state',
    help: '1 while the alert fires for at least one series, else 0.',
    labels: ['alert'],
  });
  const deliveries = metrics.counter({
    name: 'michinori_alert_deliveries_total',
    help: 'Attempts to deliver a notification, by what became of them.',
    labels: ['channel', 'outcome'],
  });
  const delay = metrics.histogram({
    name: 'michinori_alert_delivery_delay_seconds',
    help: 'Time from an alert being decided to a receiver having heard of it.',
    labels: ['channel'],
    buckets: delayBucketsSeconds,
  });
  const records = metrics.gauge({
    name: 'michinori_alert_outbox_records',
    help: 'Notifications that a channel has not got yet.',
    labels: ['channel'],
  });
  const oldest = metrics.gauge({
    name: 'michinori_alert_outbox_oldest_timestamp_seconds',
    help: 'When the oldest notification was decided that a channel has not got yet; 0: there is none.',
    labels: ['channel'],
  });
  const alertLabel = limitedLabel(alertsMax);
  function showChannels(names: readonly string[]): void {
    records.reset();
    oldest.reset();
    for (const channel of names) {
      for (const outcome of ['delivered', 'retry', 'refused']) deliveries.inc({ channel, outcome }, 0);
      records.set({ channel }, 0);
      oldest.set({ channel }, 0);
    }
  }
  showChannels(channels);

  return {
    showChannels,
    attempted(channel, outcome) {
      deliveries.inc({ channel, outcome });
    },
    delayed(channel, seconds) {
      delay.observe({ channel }, Math.max(0, seconds));
    },
    waiting(channel, count, oldestUs) {
      records.set({ channel }, count);
      oldest.set({ channel }, (oldestUs ?? 0) / 1_000_000);
    },
    showAlerts(alerts) {
      state.reset();
      const shown = new Map<string, boolean>();
      for (const [alert, isFiring] of alerts) {
        const label = alertLabel(alert);
        shown.set(label, isFiring || shown.get(label) === true);
      }
      for (const [alert, isFiring] of shown) state.set({ alert }, isFiring ? 1 : 0);
    },
  };
}
