import { type ClickHouse, isoFromMicroseconds, type QueryOptions } from '@michinori/clickhouse';
import { readWatermark } from '@michinori/queries';
import { durationBucketsSeconds, type Metrics } from '@michinori/runtime';
import { createAdmission } from './admission.ts';
import type { QueryApiConfig } from './config.ts';
import { QuestionError } from './question-error.ts';

/** The closed list of values of the label `query`. */
export const questionNames = [
  'funnel',
  'time-to-convert',
  'funnel-customers',
  'touchpoints',
  'events',
  'dead-letters',
  'journeys',
  'journey-map',
  'journey-stages',
  'journey-losses',
  'journey-outlook',
  'journey-outlook-track-record',
  'journey-transitions',
  'journey-touchpoints',
  'journey-cycle-time',
  'journey-nps',
  'journey-emotion',
  'journey-health-track-record',
  'journey-health-suggestions',
  'journey-paths',
  'journey-bottlenecks',
  'journey-contacts',
  'journey-customers',
  'journey-visits',
  'journey-health',
  'journey-signals',
  'journey-tasks',
  'journey-actions',
  'customer',
  'improvements',
  'annotations',
  'segments',
  'alerts',
  'alert-rules',
  'alert-backtest',
] as const;
export type QuestionName = (typeof questionNames)[number];

/** An answer of the store, with what there is to say about how it came about. */
export interface Answered<T> {
  result: T;
  /** Latest receipt among the events that were stored before the question ran, ISO 8601; null when there is none. */
  watermark: string | null;
  /** From the question's arrival to its rows. */
  generatedInMs: number;
}

/** Where routes bring their questions: one place that limits, measures and drains. */
export interface QuestionDesk {
  clickhouse: ClickHouse;
  /** Microseconds since the epoch. */
  nowUs: () => number;
  /**
   * Runs the work of one question when there is a place for it, and measures it.
   *
   * @param signal fires when the asker has gone: what waits is dropped, what runs is abandoned
   * @throws QuestionError `overloaded` at once when too many are waiting
   */
  ask<T>(name: QuestionName, signal: AbortSignal, work: (options: QueryOptions) => Promise<T>): Promise<Answered<T>>;
  isDraining(): boolean;
  /** Resolves when the questions under way are answered; none is taken any more. */
  drain(): Promise<void>;
}

const watermarkAgeMsMax = 1_000;

export function createQuestionDesk(options: {
  clickhouse: ClickHouse;
  metrics: Metrics;
  config: QueryApiConfig;
  nowUs: () => number;
}): QuestionDesk {
  const { clickhouse, metrics, config, nowUs } = options;
  const admission = createAdmission(config);
  const duration = metrics.histogram({
    name: 'michinori_query_duration_seconds',
    help: 'Time from a question to its rows, waiting for a place included.',
    labels: ['query'],
    buckets: durationBucketsSeconds,
  });
  const limits = { timeMsMax: config.queryTimeMsMax, memoryBytesMax: config.queryMemoryBytesMax };
  const idle: (() => void)[] = [];
  let watermark: { readAtMs: number; value: Promise<string | null> } | undefined;
  let underWay = 0;
  let draining = false;
  const overloaded = (): QuestionError =>
    new QuestionError('overloaded', `${config.waitingMax} questions are waiting already; ask again soon.`);

  /** Looked up once a second at most, as time passes, not as `nowUs` says: it reads no more than two numbers of every part, but every question wants it. */
  function readWatermarkText(): Promise<string | null> {
    const atMs = performance.now();
    if (watermark !== undefined && atMs - watermark.readAtMs < watermarkAgeMsMax) return watermark.value;
    const value = readWatermark(clickhouse, { limits }).then((read) =>
      read === null ? null : isoFromMicroseconds(read.receivedAtUs),
    );
    watermark = { readAtMs: atMs, value };
    value.catch(() => {
      watermark = undefined;
    });
    return value;
  }

  return {
    clickhouse,
    nowUs,
    isDraining: () => draining,
    async ask(name, signal, work) {
      const stop = duration.startTimer({ query: name });
      const startedMs = performance.now();
      underWay += 1;
      try {
        const { result, watermark: seen } = await admission.run(async () => {
          signal.throwIfAborted();
          const before = await readWatermarkText();
          return { watermark: before, result: await work({ limits, signal }) };
        }, overloaded);
        return { result, watermark: seen, generatedInMs: Math.round(performance.now() - startedMs) };
      } finally {
        stop();
        underWay -= 1;
        if (underWay === 0) for (const resolve of idle.splice(0)) resolve();
      }
    },
    drain() {
      draining = true;
      return underWay === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
    },
  };
}
