import type { ClickHouse } from '@michinori/clickhouse';
import type { AssignedPartition, Batch } from '@michinori/event-log';
import { takeoverHorizon } from '@michinori/queries';
import type { Logger } from '@michinori/runtime';
import type { Clock } from './clock.ts';
import type { ProcessorConfig } from './config.ts';
import { processorError } from './errors.ts';
import type { Faults } from './faults.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { restAfterBatchMs } from './pace.ts';
import { batchFailureOf } from './sink/failure.ts';
import { type LogRange, logName } from './sink/range.ts';
import type { Sink, SinkResult } from './sink/sink.ts';
import type { Troubles } from './troubles.ts';

/** What follows the sink before a range is committed, e.g. the projection of the customers it touched. Must be safe to repeat. */
export type AfterSink = (range: LogRange, result: SinkResult) => Promise<void>;

export interface PartitionWorkerDependencies {
  clickhouse: ClickHouse;
  sink: Sink;
  metrics: ProcessorMetrics;
  troubles: Troubles;
  logger: Logger;
  config: ProcessorConfig;
  clock: Clock;
  faults: Faults;
  afterSink: AfterSink;
  commit(topic: string, partition: number, nextOffset: number): Promise<void>;
  /** Fires when the processor stops: nobody rests any longer. */
  stopping: AbortSignal;
}

interface Tenure {
  log: string;
  /** Offsets before this one may have rows already: from an earlier worker, or from a failed attempt of this one. */
  touchedBefore: number;
  attempts: number;
}

/** Takes partitions over and works their batches off: sink, then what follows it, then commit. Nothing else commits. */
export function createPartitionWorker(deps: PartitionWorkerDependencies) {
  const { clickhouse, sink, metrics, troubles, logger, config, clock, faults, afterSink, commit, stopping } = deps;
  const tenures = new Map<string, Tenure>();
  const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

  async function takeOver({ topic, partition, generation, committed }: AssignedPartition): Promise<void> {
    const log = logName(topic, generation);
    const [row] = await clickhouse.queryOnWriter(takeoverHorizon, { log, partition, fromOffset: committed });
    const touchedBefore = row?.horizon ?? committed;
    tenures.set(keyOf(topic, partition), { log, touchedBefore, attempts: 0 });
    logger.info({ topic, partition, committed, touchedBefore }, 'partition taken over');
  }

  function tenureOf({ topic, partition, generation }: Batch): Tenure {
    const tenure = tenures.get(keyOf(topic, partition));
    if (tenure === undefined || tenure.log !== logName(topic, generation)) {
      throw processorError(
        'generation_changed',
        `${topic}/${partition} delivered generation ${generation} without handing the partition over.`,
      );
    }
    return tenure;
  }

  async function settle(batch: Batch, tenure: Tenure): Promise<SinkResult> {
    const range: LogRange = {
      log: tenure.log,
      partition: batch.partition,
      fromOffset: batch.firstOffset,
      toOffset: batch.nextOffset,
    };
    const mayBePresent = range.fromOffset < tenure.touchedBefore;
    await faults.at('sink.after-fetch');
    tenure.touchedBefore = Math.max(tenure.touchedBefore, range.toOffset);
    const result = await sink(range, batch.records, { mayBePresent });
    await afterSink(range, result);
    await faults.at('sink.before-commit');
    await commit(batch.topic, batch.partition, batch.nextOffset);
    await faults.at('sink.after-commit');
    return result;
  }

  function failed(batch: Batch, tenure: Tenure, error: unknown): void {
    tenure.attempts += 1;
    const failure = batchFailureOf(error);
    metrics.batchFailed(failure);
    const { topic, partition, firstOffset, nextOffset } = batch;
    const facts = { topic, partition, firstOffset, nextOffset, failure, attempts: tenure.attempts, err: error };
    if (failure === 'infrastructure') logger.warn(facts, 'batch failed; it will be tried again');
    else logger.error(facts, 'batch failed and needs a person; it will be tried again and never skipped');
    troubles.report(keyOf(topic, partition), failure === 'infrastructure' ? null : `${failure}: ${messageOf(error)}`);
  }

  async function work(batch: Batch): Promise<void> {
    const tenure = tenureOf(batch);
    const startedUs = clock.nowUs();
    try {
      const result = await settle(batch, tenure);
      const nowUs = clock.nowUs();
      metrics.batchDone(result, { nowUs, elapsedSeconds: (nowUs - startedUs) / 1_000_000 });
      if (result.repaired > 0) {
        logger.error(
          { log: tenure.log, partition: batch.partition, rows: result.repaired },
          'an insert reported success without its rows; written again',
        );
      }
    } catch (error) {
      failed(batch, tenure, error);
      throw error;
    }
    tenure.attempts = 0;
    troubles.report(keyOf(batch.topic, batch.partition), null);
    const restMs = restAfterBatchMs({
      records: batch.records.length,
      recordsMax: config.batchRecordsMax,
      elapsedMs: (clock.nowUs() - startedUs) / 1000,
      lingerMs: config.lingerMs,
    });
    if (restMs > 0 && !stopping.aborted) await clock.wait(restMs, stopping);
  }

  return { takeOver, work };
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
