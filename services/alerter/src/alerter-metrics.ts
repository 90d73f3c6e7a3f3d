import { durationBucketsSeconds, type Metrics } from '@michinori/runtime';
import type { StageSample } from './stage-samples.ts';

/** `ok`: every journey was read. `failed`: at least one wasn't. `skipped`: the one before was still running. */
export const evaluationOutcomes = ['ok', 'failed', 'skipped'] as const;
export type EvaluationOutcome = (typeof evaluationOutcomes)[number];

export interface AlerterMetrics {
  /** Replaces everything that was exported about stages: what isn't among the samples disappears. */
  showStages(samples: readonly StageSample[]): void;
  evaluated(outcome: EvaluationOutcome): void;
  /** @param instantUs of the schedule, µs since the epoch */
  finished(instantUs: number, elapsedSeconds: number): void;
}

/** Registers the alerter's metrics; see docs/metrics.md. */
export function createAlerterMetrics(metrics: Metrics): AlerterMetrics {
  const labels = ['journey', 'stage', 'segment'] as const;
  const gauge = (name: string, help: string) => metrics.gauge({ name, help, labels });
  const dropOff = gauge(
    'michinori_stage_dropoff_ratio',
    'Share of those who entered a stage that had not advanced by its horizon.',
  );
  const low = gauge(
    'michinori_stage_dropoff_low_ratio',
    'Lower bound of the 95 % interval of michinori_stage_dropoff_ratio.',
  );
  const high = gauge(
    'michinori_stage_dropoff_high_ratio',
    'Upper bound of the 95 % interval of michinori_stage_dropoff_ratio.',
  );
  const estimate = gauge(
    'michinori_stage_dropoff_estimate_ratio',
    'Share that will not have advanced by the horizon, estimated; it counts while the state is immature.',
  );
  const entered = gauge(
    'michinori_stage_entered_customers',
    'Customers (or accounts) that the drop-off is a share of.',
  );
  const state = metrics.gauge({
    name: 'michinori_stage_dropoff_state',
    help: 'Always 1; the label says what the drop-off is worth: ok, immature or insufficient.',
    labels: [...labels, 'state'],
  });
  const evaluations = metrics.counter({
    name: 'michinori_alerter_evaluations_total',
    help: 'Looks at all journeys, by outcome.',
    labels: ['outcome'],
  });
  const last = metrics.gauge({
    name: 'michinori_alerter_last_evaluation_timestamp_seconds',
    help: 'Scheduled instant of the last evaluation that was finished.',
  });
  const duration = metrics.histogram({
    name: 'michinori_alerter_evaluation_duration_seconds',
    help: 'Time that an evaluation took.',
    buckets: durationBucketsSeconds,
  });
  for (const outcome of evaluationOutcomes) evaluations.inc({ outcome }, 0);

  return {
    showStages(samples) {
      for (const each of [dropOff, low, high, estimate, entered, state]) each.reset();
      for (const { journey, stage, segment, ...sample } of samples) {
        const place = { journey, stage, segment };
        dropOff.set(place, sample.dropOffRate);
        if (sample.dropOffLo !== null) low.set(place, sample.dropOffLo);
        if (sample.dropOffHi !== null) high.set(place, sample.dropOffHi);
        if (sample.dropOffEstimate !== null) estimate.set(place, sample.dropOffEstimate);
        entered.set(place, sample.entered);
        state.set({ ...place, state: sample.state }, 1);
      }
    },
    evaluated(outcome) {
      evaluations.inc({ outcome });
    },
    finished(instantUs, elapsedSeconds) {
      last.set(instantUs / 1_000_000);
      duration.observe(elapsedSeconds);
    },
  };
}
