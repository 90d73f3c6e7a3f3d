import type { Metrics } from '@michinori/runtime';

export interface SignalMetrics {
  /** A signal was appended: for the first time, to take one back, or because it isn't known whether the log has it. */
  announced(outcome: 'announced' | 'retracted' | 'repeated'): void;
}

/** Registers the metrics of signals. See docs/signals.md. */
export function createSignalMetrics(metrics: Metrics): SignalMetrics {
  const signals = metrics.counter({
    name: 'michinori_signals_total',
    help: 'Signals that were appended to the log, by kind and outcome: announced, retracted, or repeated after an interruption.',
    labels: ['kind', 'outcome'],
  });
  return { announced: (outcome) => signals.inc({ kind: 'stage-transition', outcome }) };
}
