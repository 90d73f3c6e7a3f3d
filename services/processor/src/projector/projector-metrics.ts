import { durationBucketsSeconds, type Metrics } from '@michinori/runtime';
import type { BatchFailure } from '../sink/failure.ts';

/** `main`: rounds of many units; `hot`: of one hot unit. */
export type Lane = 'main' | 'hot';

export interface ProjectorMetrics {
  roundDone(lane: Lane, elapsedSeconds: number): void;
  roundFailed(lane: Lane): (failure: BatchFailure) => void;
  waiting(units: { dirty: number; hot: number }): void;
  /** Events with these receipts can be seen since `nowUs`. */
  projected(receivedAtUs: readonly number[], nowUs: number): void;
  /** How far the build of a journey is, 0…1; null when none is under way. `''` is the table of customers. */
  build(journey: string, done: number | null): void;
  buildEnded(outcome: 'done' | 'failed'): void;
}

const delayBucketsSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86_400] as const;

/** Registers the metrics of projector and builder. See docs/projector.md. */
export function createProjectorMetrics(metrics: Metrics): ProjectorMetrics {
  const rounds = metrics.counter({
    name: 'michinori_projection_rounds_total',
    help: 'Rounds by lane and outcome: ok, or what kept one from being done.',
    labels: ['lane', 'outcome'],
  });
  const duration = metrics.histogram({
    name: 'michinori_projection_duration_seconds',
    help: 'Of a round, from taking the units until they are derived under every journey.',
    labels: ['lane'],
    buckets: durationBucketsSeconds,
  });
  const waiting = metrics.gauge({
    name: 'michinori_projection_dirty_customers',
    help: 'Customers that wait to be derived, by lane.',
    labels: ['lane'],
  });
  const delay = metrics.histogram({
    name: 'michinori_end_to_end_delay_seconds',
    help: 'From the receipt of an event until it is visible in every answer.',
    buckets: delayBucketsSeconds,
  });
  const builds = metrics.gauge({
    name: 'michinori_build_progress_ratio',
    help: 'Share of the units that the build of a journey has derived; gone when the build is done.',
    labels: ['journey'],
  });
  const ended = metrics.counter({
    name: 'michinori_builds_total',
    help: 'Builds of journeys by outcome; a failed one is tried again, and the former derivation answers meanwhile.',
    labels: ['outcome'],
  });
  return {
    roundDone(lane, elapsedSeconds) {
      rounds.inc({ lane, outcome: 'ok' });
      duration.observe({ lane }, elapsedSeconds);
    },
    roundFailed: (lane) => (failure) => rounds.inc({ lane, outcome: failure }),
    waiting({ dirty, hot }) {
      waiting.set({ lane: 'main' }, dirty);
      waiting.set({ lane: 'hot' }, hot);
    },
    projected(receivedAtUs, nowUs) {
      for (const receivedUs of receivedAtUs) delay.observe(Math.max(0, nowUs - receivedUs) / 1_000_000);
    },
    build(journey, done) {
      if (done === null) builds.remove({ journey });
      else builds.set({ journey }, done);
    },
    buildEnded(outcome) {
      ended.inc({ outcome });
    },
  };
}
