import { type ClickHouse, isoFromMicroseconds, type QueryLimits } from '@michinori/clickhouse';
import { readWatermark } from '@michinori/queries';
import { durationBucketsSeconds, type Metrics } from '@michinori/runtime';
import { createAdmission } from './admission.ts';
import type { QueryApiConfig } from './config.ts';
import { QuestionError } from './question-error.ts';

/** Where routes bring their questions: one place that limits, measures and drains. */
export interface QuestionDesk {
  clickhouse: ClickHouse;
  /** Microseconds since the epoch. */
  nowUs: () => number;
  /** What one question may use of the store. */
  limits: Partial<QueryLimits>;
  /** Latest receipt among the stored events, ISO 8601; null when there is none. Looked up once a second at most. */
  watermark(): Promise<string | null>;
  /**
   * Runs the work of one question when there is a place for it, and measures it.
   *
   * @param name label of `michinori_query_duration_seconds`; one of a closed list
   * @throws QuestionError `overloaded` at once when too many are waiting
   */
  ask<T>(name: string, work: () => Promise<T>): Promise<{ result: T; generatedInMs: number }>;
  isDraining(): boolean;
  /** Resolves when the questions under way are answered; none is taken any more. */
  drain(): Promise<void>;
}

const watermarkAgeUsMax = 1_000_000;

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
  let watermark: { readAtUs: number; value: Promise<string | null> } | undefined;
  let underWay = 0;
  let draining = false;
  const overloaded = (): QuestionError =>
    new QuestionError('overloaded', `${config.waitingMax} questions are waiting already; ask again soon.`);

  return {
    clickhouse,
    nowUs,
    limits,
    watermark() {
      const atUs = nowUs();
      if (watermark !== undefined && Math.abs(atUs - watermark.readAtUs) < watermarkAgeUsMax) return watermark.value;
      const value = readWatermark(clickhouse, { limits }).then((read) =>
        read === null ? null : isoFromMicroseconds(read.receivedAtUs),
      );
      watermark = { readAtUs: atUs, value };
      value.catch(() => {
        watermark = undefined;
      });
      return value;
    },
    isDraining: () => draining,
    async ask(name, work) {
      const stop = duration.startTimer({ query: name });
      const startedMs = performance.now();
      underWay += 1;
      try {
        const result = await admission.run(work, overloaded);
        return { result, generatedInMs: Math.round(performance.now() - startedMs) };
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
