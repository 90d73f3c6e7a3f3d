import { describe, expect, it } from 'vitest';
import { closedLabel, createMetrics, labelNameFault, limitedLabel, metricNameFault } from '../src/index.ts';

const make = () => createMetrics({ service: 'ingest', version: '0.1.0', withProcessMetrics: false });

describe('grammar', () => {
  it.each([
    ['michinori_ingest_events_total', 'counter'],
    ['michinori_ingest_request_duration_seconds', 'histogram'],
    ['michinori_log_lag_events', 'gauge'],
    ['michinori_end_to_end_delay_seconds', 'histogram'],
    ['michinori_watermark_timestamp_seconds', 'gauge'],
    ['michinori_sink_batches_total', 'counter'],
    ['michinori_projection_duration_seconds', 'histogram'],
    ['michinori_dead_letters_total', 'counter'],
    ['michinori_audit_missing_events', 'gauge'],
    ['michinori_audit_extra_rows', 'gauge'],
    ['michinori_stage_dropoff_ratio', 'gauge'],
    ['michinori_query_duration_seconds', 'histogram'],
    ['michinori_alert_state', 'gauge'],
    ['michinori_build_info', 'gauge'],
  ] as const)('allows %s', (name, kind) => {
    expect(metricNameFault(name, kind)).toBeNull();
  });

  it.each([
    ['ingest_events_total', 'counter'],
    ['michinori_events', 'counter'],
    ['michinori_Events_total', 'counter'],
    ['michinori__events_total', 'counter'],
    ['michinori_total', 'counter'],
    ['michinori_lag_total', 'gauge'],
    ['michinori_request_duration_ms', 'histogram'],
    ['michinori_ingest_events_total_', 'counter'],
  ] as const)('refuses %s', (name, kind) => {
    expect(metricNameFault(name, kind)).not.toBeNull();
  });

  it('refuses labels that name people or belong to Prometheus', () => {
    for (const label of ['customer', 'email', 'le', 'Stage', '__x', 'key'])
      expect(labelNameFault(label)).not.toBeNull();
    expect(labelNameFault('outcome')).toBeNull();
  });

  it('is enforced when a metric is made', () => {
    expect(() => make().counter({ name: 'michinori_x', help: 'x' })).toThrow(
      expect.objectContaining({ code: 'metric_name' }),
    );
    expect(() => make().gauge({ name: 'michinori_x_total', help: 'x' })).toThrow(
      expect.objectContaining({ code: 'metric_name' }),
    );
    expect(() => make().histogram({ name: 'michinori_x_ms', help: 'x', buckets: [1] })).toThrow(
      expect.objectContaining({ code: 'metric_name' }),
    );
    expect(() => make().counter({ name: 'michinori_x_total', help: 'x', labels: ['customer'] })).toThrow(
      expect.objectContaining({ code: 'metric_label' }),
    );
  });
});

describe('createMetrics', () => {
  it('exposes what was counted, set and observed', async () => {
    const metrics = make();
    metrics
      .counter({ name: 'michinori_ingest_events_total', help: 'Events.', labels: ['outcome'] })
      .inc({ outcome: 'accepted' }, 3);
    metrics.gauge({ name: 'michinori_log_lag_events', help: 'Lag.', collect: (gauge) => gauge.set(7) });
    metrics.histogram({ name: 'michinori_query_duration_seconds', help: 'Time.', buckets: [1, 2] }).observe(1.5);
    const { contentType, text } = await metrics.exposition();
    expect(contentType).toMatch(/^text\/plain/);
    expect(text).toContain('michinori_ingest_events_total{outcome="accepted"} 3');
    expect(text).toContain('michinori_log_lag_events 7');
    expect(text).toContain('michinori_query_duration_seconds_bucket{le="2"} 1');
    expect(text).toMatch(/michinori_build_info\{service="ingest",version="0\.1\.0",node="v\d+[^"]*"\} 1/);
  });

  it('keeps registries apart, and refuses the same name twice in one', async () => {
    const [one, two] = [make(), make()];
    one.counter({ name: 'michinori_a_total', help: 'x' });
    two.counter({ name: 'michinori_a_total', help: 'x' });
    expect(() => one.counter({ name: 'michinori_a_total', help: 'x' })).toThrow('already been registered');
  });

  it('adds the process’s own metrics unless told not to', async () => {
    const { text } = await createMetrics({ service: 'x', version: '1' }).exposition();
    expect(text).toContain('process_cpu_user_seconds_total');
    expect((await make().exposition()).text).not.toContain('process_cpu');
  });
});

describe('bounded labels', () => {
  it('come from a list', () => {
    const label = closedLabel(['native', 'segment']);
    expect([label('native'), label('x'), label('__proto__')]).toEqual(['native', 'other', 'other']);
  });

  it('or are limited in number', () => {
    const label = limitedLabel(2);
    expect(['a', 'b', 'c', 'a', 'd', 'b'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other', 'b']);
  });
});
