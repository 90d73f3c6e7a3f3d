import type { ClickHouse } from '@michinori/clickhouse';
import type { Consumption, EventLog } from '@michinori/event-log';
import { topics } from '@michinori/events';
import type { Logger, Metrics, NamedCheck } from '@michinori/runtime';
import { createAuditor } from './audit/auditor.ts';
import type { AuditOptions, AuditReport } from './audit/report.ts';
import { type Clock, systemClock } from './clock.ts';
import type { ProcessorConfig } from './config.ts';
import { processorError } from './errors.ts';
import { type Faults, noFaults } from './faults.ts';
import { createProcessorMetrics } from './metrics.ts';
import { type AfterSink, createPartitionWorker } from './partition-worker.ts';
import { retryDelayMs } from './retry-delay.ts';
import { createSink, type Verification } from './sink/sink.ts';
import { createTroubles } from './troubles.ts';
import { readWatermarkUs } from './watermark.ts';

export interface ProcessorOptions {
  log: EventLog;
  /** Migrated. */
  clickhouse: ClickHouse;
  metrics: Metrics;
  logger: Logger;
  config: ProcessorConfig;
  clock?: Clock;
  /** Runs between read-back and commit of every range; a rejection retries the batch. */
  afterSink?: AfterSink;
  /** The log can't go on without a human decision (e.g. records were trimmed before they were read). */
  onFatal?: (error: Error) => void;
  faults?: Faults;
  /** `off` is the negative control of the tests; nothing else may set it. */
  verification?: Verification;
}

export interface Processor {
  /** Begins to consume both topics and to audit. */
  start(): Promise<void>;
  /** Finishes the batches in hand and stops; what isn't committed is done again by the next worker. */
  stop(): Promise<void>;
  checks: readonly NamedCheck[];
  /** Every event appended to the log before this instant (µs) is visible. */
  watermarkUs(): Promise<number>;
  /** Compares the whole committed log with the tables, once. See docs/audit.md. */
  auditOnce(options?: AuditOptions): Promise<AuditReport>;
}

/** Builds the processor: event log → ClickHouse. Opens nothing and starts nothing; see docs/sink.md. */
export function createProcessor(options: ProcessorOptions): Processor {
  const { log, clickhouse, logger, config } = options;
  const { clock = systemClock, faults = noFaults, verification = 'on' } = options;
  const stopping = new AbortController();
  const consumptions = new Map<string, Promise<Consumption>>();
  const troubles = createTroubles();
  const metrics = createProcessorMetrics({ metrics: options.metrics, log, group: config.group, clock, logger });
  const sink = createSink({ clickhouse, faults, verification });
  const auditor = createAuditor({ log, clickhouse, sink, metrics, logger, clock, config });
  let auditing: Promise<void> = Promise.resolve();

  async function commit(topic: string, partition: number, nextOffset: number): Promise<void> {
    const consumption = await consumptions.get(topic);
    if (consumption === undefined) throw processorError('consumption_ended', `${topic} is not being consumed.`);
    await consumption.commit(partition, nextOffset);
  }

  const worker = createPartitionWorker({
    clickhouse,
    sink,
    metrics,
    troubles,
    logger,
    config,
    clock,
    faults,
    afterSink: options.afterSink ?? (async () => {}),
    commit,
    stopping: stopping.signal,
  });

  function consume(topic: string): Promise<Consumption> {
    return log.consume({
      group: config.group,
      topic,
      batchRecordsMax: config.batchRecordsMax,
      batchBytesMax: config.batchBytesMax,
      retryDelayMs: (attempt) => retryDelayMs(attempt, { min: config.retryDelayMsMin, max: config.retryDelayMsMax }),
      onAssigned: worker.takeOver,
      onBatch: worker.work,
      onFatal(error) {
        logger.fatal({ topic, err: error }, 'the log can not be consumed any further');
        troubles.report(topic, error.message);
        options.onFatal?.(error);
      },
    });
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const running = await Promise.allSettled(consumptions.values());
    await Promise.all(
      running.map((consumption) => (consumption.status === 'fulfilled' ? consumption.value.stop() : undefined)),
    );
    await auditing;
  }

  return {
    async start() {
      for (const topic of Object.values(topics)) consumptions.set(topic, consume(topic));
      try {
        await Promise.all(consumptions.values());
      } catch (error) {
        await stop();
        throw error;
      }
      if (config.auditShareMax > 0) auditing = auditor.run(stopping.signal);
    },
    stop,
    checks: [{ name: 'sink', check: troubles.check }],
    watermarkUs: () => readWatermarkUs({ log, group: config.group, clock }),
    auditOnce: (auditOptions) => auditor.auditOnce(auditOptions),
  };
}
