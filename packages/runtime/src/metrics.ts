import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { assertMetricNames } from './metric-names.ts';

export interface MetricOptions<L extends string> {
  name: string;
  help: string;
  labels?: readonly L[];
}

export interface GaugeOptions<L extends string> extends MetricOptions<L> {
  /** Called at every scrape, to set a value that is read rather than kept. */
  collect?: (gauge: Gauge<L>) => void | Promise<void>;
}

export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  /** Upper bounds, ascending, in the unit of the name. */
  buckets: readonly number[];
}

export interface MetricsOptions {
  service: string;
  version: string;
  /** Also export Node's own metrics (`process_…`, `nodejs_…`); default true. */
  withProcessMetrics?: boolean;
}

export interface Metrics {
  readonly registry: Registry;
  counter<const L extends string = never>(options: MetricOptions<L>): Counter<L>;
  gauge<const L extends string = never>(options: GaugeOptions<L>): Gauge<L>;
  histogram<const L extends string = never>(options: HistogramOptions<L>): Histogram<L>;
  /** The exposition for a scrape, with the content type that goes with it. */
  exposition(): Promise<{ contentType: string; text: string }>;
}

/** Bounds for durations of requests and steps, 1 ms to 30 s. */
export const durationBucketsSeconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/**
 * A registry of its own (never prom-client's global one). Names and labels are checked against the grammar of
 * `docs/metrics.md` when a metric is made: `metric_name` and `metric_label` are programming errors.
 */
export function createMetrics({ service, version, withProcessMetrics = true }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcessMetrics) collectDefaultMetrics({ register: registry });

  const metrics: Metrics = {
    registry,

    counter({ name, help, labels = [] }) {
      assertMetricNames(name, 'counter', labels);
      return new Counter({ name, help, labelNames: labels, registers });
    },

    gauge({ name, help, labels = [], collect }) {
      assertMetricNames(name, 'gauge', labels);
      const gauge: Gauge<(typeof labels)[number]> = new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        ...(collect === undefined ? {} : { collect: () => collect(gauge) }),
      });
      return gauge;
    },

    histogram({ name, help, labels = [], buckets }) {
      assertMetricNames(name, 'histogram', labels);
      return new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers });
    },

    async exposition() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };

  metrics
    .gauge({
      name: 'michinori_build_info',
      help: 'Always 1; the labels say what runs.',
      labels: ['service', 'version', 'node'],
    })
    .set({ service, version, node: process.version }, 1);
  return metrics;
}
