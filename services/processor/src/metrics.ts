import type { EventLog } from '@michinori/event-log';
import { durationBucketsSeconds, type Logger, type Metrics } from '@michinori/runtime';
import type { Clock } from './clock.ts';
import { consumedTopics } from './consumed-topics.ts';
import type { DeadLetter } from './sink/dead-letter.ts';
import type { BatchFailure } from './sink/failure.ts';
import type { SinkResult } from './sink/sink.ts';
import { readWatermarkUs } from './watermark.ts';

export interface ProcessorMetrics {
  batchDone(result: SinkResult, elapsedSeconds: number): void;
  deadLettered(letters: readonly DeadLetter[]): void;
  batchFailed(failure: BatchFailure): void;
  auditProgress(counts: { missingEvents: number; extraRows: number }): void;
  auditResunk(events: number): void;
  sharedCustomerKeys(keys: number): void;
}

/** Registers the processor's metrics; lag and watermark are read from the log at every scrape. See docs/sink.md. */
export function createProcessorMetrics(deps: {
  metrics: Metrics;
  log: EventLog;
  group: string;
  clock: Clock;
  logger: Logger;
}): ProcessorMetrics {
  const { metrics, log, group, clock, logger } = deps;

  metrics.gauge({
    name: 'michinori_log_lag_events',
    help: 'Records of the log that are not yet committed as visible.',
    labels: ['topic', 'partition'],
    async collect(gauge) {
      try {
        for (const topic of consumedTopics) {
          for (const { partition, lag } of await log.lag(group, topic))
            gauge.set({ topic, partition: String(partition) }, lag);
        }
      } catch (err) {
        logger.warn({ err }, 'the lag of the log can not be read');
      }
    },
  });
  metrics.gauge({
    name: 'michinori_watermark_timestamp_seconds',
    help: 'Every event appended to the log before this instant is visible.',
    async collect(gauge) {
      try {
        gauge.set((await readWatermarkUs({ log, group, clock })) / 1_000_000);
      } catch (err) {
        logger.warn({ err }, 'the watermark can not be read');
      }
    },
  });
  const batches = metrics.counter({
    name: 'michinori_sink_batches_total',
    help: 'Batches by outcome: ok, or what kept one from being done.',
    labels: ['outcome'],
  });
  const duration = metrics.histogram({
    name: 'michinori_sink_duration_seconds',
    help: 'From the fetch of a batch until its rows were read back.',
    buckets: durationBucketsSeconds,
  });
  const rows = metrics.counter({ name: 'michinori_sink_rows_total', help: 'Rows written to events and read back.' });
  const repaired = metrics.counter({
    name: 'michinori_sink_repaired_rows_total',
    help: 'Rows that an insert had reported as written and that had to be written again.',
  });
  const letters = metrics.counter({
    name: 'michinori_dead_letters_total',
    help: 'Records that stand in the dead letters, by code.',
    labels: ['reason'],
  });
  const superseded = metrics.counter({
    name: 'michinori_sink_superseded_total',
    help: 'Changes of the marks of conflicting copies.',
    labels: ['change'],
  });
  const missing = metrics.gauge({
    name: 'michinori_audit_missing_events',
    help: 'Records of the log that the auditor found neither as a row nor as a dead letter; more than 0 is a defect.',
  });
  const extra = metrics.gauge({
    name: 'michinori_audit_extra_rows',
    help: 'Rows that the auditor found without a record of the log that they follow from; more than 0 is a defect.',
  });
  const resunk = metrics.counter({
    name: 'michinori_audit_resunk_events_total',
    help: 'Missing events that the auditor put back.',
  });
  const sharedKeys = metrics.gauge({
    name: 'michinori_audit_shared_key_customers',
    help: 'Customer keys that more than one customer has; more than 0 mixes the timelines of strangers.',
  });

  function deadLettered(written: readonly DeadLetter[]): void {
    for (const { code } of written) letters.inc({ reason: code });
  }

  return {
    deadLettered,
    batchDone(result, elapsedSeconds) {
      batches.inc({ outcome: 'ok' });
      duration.observe(elapsedSeconds);
      rows.inc(result.events.length);
      repaired.inc(result.repaired);
      if (result.marked > 0) superseded.inc({ change: 'marked' }, result.marked);
      if (result.withdrawn > 0) superseded.inc({ change: 'withdrawn' }, result.withdrawn);
      deadLettered(result.letters);
    },
    batchFailed(failure) {
      batches.inc({ outcome: failure });
    },
    auditProgress({ missingEvents, extraRows }) {
      missing.set(missingEvents);
      extra.set(extraRows);
    },
    auditResunk(events) {
      resunk.inc(events);
    },
    sharedCustomerKeys(keys) {
      sharedKeys.set(keys);
    },
  };
}
