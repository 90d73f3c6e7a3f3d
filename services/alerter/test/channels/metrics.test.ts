import { createMetrics } from '@michinori/runtime';
import { describe, expect, it } from 'vitest';
import { createDeliveryMetrics, createOutbox } from '../../src/index.ts';
import { memoryStore } from '../outbox/memory-store.ts';
import { playedChannel, refused, retry } from '../outbox/receivers.ts';
import { virtualClock } from './clock.ts';
import { episode, startUs } from './notifications.ts';

async function shown(metrics: ReturnType<typeof createMetrics>, name: string): Promise<Record<string, number>> {
  const { text } = await metrics.exposition();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  return Object.fromEntries(
    lines.map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const registry = () => createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false });

describe('the metrics of deliveries', () => {
  it('begin at nothing, for every channel', async () => {
    const metrics = registry();
    createDeliveryMetrics(metrics, ['a']);
    expect(await shown(metrics, 'michinori_alert_deliveries_total')).toEqual({
      '{channel="a",outcome="delivered"}': 0,
      '{channel="a",outcome="retry"}': 0,
      '{channel="a",outcome="refused"}': 0,
    });
    expect(await shown(metrics, 'michinori_alert_outbox_records')).toEqual({ '{channel="a"}': 0 });
  });

  it('count attempts, and show what waits, for how long, and how late it came', async () => {
    const metrics = registry();
    const channel = playedChannel('a');
    const clock = virtualClock();
    const deliveries = createDeliveryMetrics(metrics, ['a']);
    const outbox = createOutbox({ store: memoryStore(), channels: [channel], clock, metrics: deliveries });
    await outbox.enqueue(episode());
    expect(await shown(metrics, 'michinori_alert_outbox_records')).toEqual({ '{channel="a"}': 2 });
    channel.play(() => retry(1000));
    await outbox.tick();
    expect(await shown(metrics, 'michinori_alert_outbox_oldest_timestamp_seconds')).toEqual({
      '{channel="a"}': startUs / 1e6,
    });
    channel.play(({ state }) => (state === 'firing' ? { outcome: 'delivered' } : refused));
    clock.advanceMs(1000);
    await outbox.tick();
    expect(await shown(metrics, 'michinori_alert_deliveries_total')).toEqual({
      '{channel="a",outcome="delivered"}': 1,
      '{channel="a",outcome="retry"}': 1,
      '{channel="a",outcome="refused"}': 1,
    });
    expect(await shown(metrics, 'michinori_alert_outbox_records')).toEqual({ '{channel="a"}': 0 });
    expect(await shown(metrics, 'michinori_alert_outbox_oldest_timestamp_seconds')).toEqual({ '{channel="a"}': 0 });
    expect(await shown(metrics, 'michinori_alert_delivery_delay_seconds_sum')).toEqual({ '{channel="a"}': 1 });
  });
});

describe('the state of alerts', () => {
  it('replaces what was shown', async () => {
    const metrics = registry();
    const { showAlerts } = createDeliveryMetrics(metrics, []);
    showAlerts(
      new Map([
        ['a', true],
        ['b', false],
      ]),
    );
    showAlerts(new Map([['b', true]]));
    expect(await shown(metrics, 'michinori_alert_state')).toEqual({ '{alert="b"}': 1 });
  });

  it('has a bounded number of series, and hides no alert that fires', async () => {
    const metrics = registry();
    const { showAlerts } = createDeliveryMetrics(metrics, []);
    showAlerts(new Map(Array.from({ length: 600 }, (_, i) => [`a${i}`, i === 550])));
    const states = await shown(metrics, 'michinori_alert_state');
    expect(Object.keys(states)).toHaveLength(501);
    expect(states['{alert="other"}']).toBe(1);
    expect(states['{alert="a0"}']).toBe(0);
  });
});
