import type { ClickHouse } from '@michinori/clickhouse';
import type { Logger, Metrics, NamedCheck } from '@michinori/runtime';
import { createAlerterMetrics, type EvaluationOutcome } from './alerter-metrics.ts';
import type { AlerterConfig } from './config.ts';
import { answeringJourneys, type JourneyReading, readStages } from './read-stages.ts';
import { type Schedule, type StartSchedule, startCron } from './schedule.ts';

export interface AlerterOptions {
  /** Migrated; it is only read. */
  clickhouse: ClickHouse;
  metrics: Metrics;
  logger: Logger;
  config: AlerterConfig;
  /** Default: cron on the clock of the machine. */
  startSchedule?: StartSchedule;
}

export interface Alerter {
  /** Begins to evaluate at the instants of the schedule. */
  start(): void;
  /** No further evaluation begins; the one under way is broken off. */
  stop(): Promise<void>;
  /**
   * Looks at every journey as of an instant of the schedule (µs since the epoch) and shows what it found. One at a time: while one runs,
   * another is skipped; an instant that was looked at, or an earlier one, is passed over. Never rejects.
   */
  evaluate(instantUs: number): Promise<EvaluationOutcome | 'passed'>;
  checks: readonly NamedCheck[];
}

/** Builds the alerter: clock → queries → metrics. Opens nothing and starts nothing. */
export function createAlerter(options: AlerterOptions): Alerter {
  const { clickhouse, logger, config, startSchedule = startCron } = options;
  const metrics = createAlerterMetrics(options.metrics);
  const stopper = new AbortController();
  const limits = { timeMsMax: config.queryTimeMsMax, memoryBytesMax: config.queryMemoryBytesMax };
  const asking = { limits, signal: stopper.signal };
  let schedule: Schedule | undefined;
  let lastInstantUs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<EvaluationOutcome> | undefined;

  /** Reads the journeys one after the other: the store has other things to do, too. */
  async function readAll(instantUs: number): Promise<JourneyReading[]> {
    const readings: JourneyReading[] = [];
    for (const active of await answeringJourneys(clickhouse, asking)) {
      readings.push(await readStages(clickhouse, active, instantUs, { ...asking, segmentsMax: config.segmentsMax }));
    }
    return readings;
  }

  async function look(instantUs: number): Promise<EvaluationOutcome> {
    const startedMs = performance.now();
    let readings: JourneyReading[] = [];
    let failures = 0;
    try {
      readings = await readAll(instantUs);
    } catch (error) {
      failures += 1;
      report(error, 'the journeys can not be read');
    }
    for (const reading of readings) {
      if (reading.outcome === 'read') continue;
      failures += 1;
      report(reading.error, 'a journey can not be evaluated', { journey: reading.journey });
    }
    metrics.showStages(readings.flatMap((reading) => (reading.outcome === 'read' ? reading.samples : [])));
    metrics.finished(instantUs, (performance.now() - startedMs) / 1000);
    return failures === 0 ? 'ok' : 'failed';
  }

  function report(err: unknown, message: string, facts: object = {}): void {
    if (!stopper.signal.aborted) logger.error({ ...facts, err }, message);
  }

  async function evaluate(instantUs: number): Promise<EvaluationOutcome | 'passed'> {
    if (stopper.signal.aborted || instantUs <= lastInstantUs) return 'passed';
    lastInstantUs = instantUs;
    if (underWay !== undefined) {
      logger.warn('the evaluation before is still running, this one is skipped');
      metrics.evaluated('skipped');
      return 'skipped';
    }
    underWay = look(instantUs);
    const outcome = await underWay;
    underWay = undefined;
    metrics.evaluated(outcome);
    return outcome;
  }

  return {
    start() {
      schedule = startSchedule(config.schedule, (instantUs) => void evaluate(instantUs));
    },
    async stop() {
      stopper.abort();
      await schedule?.stop();
      await underWay;
    },
    evaluate,
    checks: [{ name: 'clickhouse', check: () => clickhouse.ping().then(() => ({ ok: true })) }],
  };
}
