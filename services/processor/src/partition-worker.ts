import type { ClickHouse } from '@michinori/clickhouse';
import type { AssignedPartition, Batch } from '@michinori/event-log';
import { takeoverHorizon } from '@michinori/queries';
import type { Logger } from '@michinori/runtime';
import pLimit from 'p-limit';
import type { Clock } from './clock.ts';
import type { ProcessorConfig } from './config.ts';
import { processorError } from './errors.ts';
import type { Faults } from './faults.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { restAfterBatchMs } from './pace.ts';
import type { Tenancy } from './projector/passage.ts';
import { messageOf } from './projector/persist.ts';
import type { Projector } from './projector/projector.ts';
import { batchFailureOf } from './sink/failure.ts';
import { type LogRange, logName } from './sink/range.ts';
import type { Sink, SinkResult } from './sink/sink.ts';
import type { Troubles } from './troubles.ts';

export interface PartitionWorkerDependencies {
  clickhouse: ClickHouse;
  sink: Sink;
  metrics: ProcessorMetrics;
  troubles: Troubles;
  logger: Logger;
  config: ProcessorConfig;
  clock: Clock;
  faults: Faults;
  projector: Pick<Projector, 'admit' | 'revoke' | 'room' | 'hand'>;
  /** Fires when the processor stops: nobody rests any longer. */
  stopping: AbortSignal;
}

interface Tenure {
  log: string;
  tenancy: Tenancy;
  /** Offsets before this one may have rows already: from an earlier worker, or from a failed attempt of this one. */
  touchedBefore: number;
  attempts: number;
}

function lost({ topic, partition }: Batch): Error {
  return processorError('partition_lost', `${topic}/${partition} was given away; its batch is left to the new owner.`);
}

/** Takes partitions over and works their batches off: sink, then over to the projector, which sees to the commit. */
export function createPartitionWorker(deps: PartitionWorkerDependencies) {
  const { clickhouse, sink, metrics, troubles, logger, config, clock, faults, projector, stopping } = deps;
  const tenures = new Map<string, Tenure>();
  const inTurn = pLimit(config.sinkBatchesMax);
  const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

  function revoked({ topic, partition }: { topic: string; partition: number }): void {
    const tenure = tenures.get(keyOf(topic, partition));
    if (tenure === undefined) return;
    projector.revoke(tenure.tenancy);
    tenures.delete(keyOf(topic, partition));
    troubles.report(keyOf(topic, partition), null);
    logger.info({ topic, partition }, 'partition given away');
  }

  async function takeOver({ topic, partition, generation, committed }: AssignedPartition): Promise<void> {
    revoked({ topic, partition });
    const log = logName(topic, generation);
    const tenancy = projector.admit({ topic, partition, committed });
    // In place before the question is asked: whoever takes the partition away meanwhile finds it, and nobody revives it.
    const tenure: Tenure = { log, tenancy, touchedBefore: Number.POSITIVE_INFINITY, attempts: 0 };
    tenures.set(keyOf(topic, partition), tenure);
    try {
      const [row] = await clickhouse.queryOnWriter(takeoverHorizon, { log, partition, fromOffset: committed });
      tenure.touchedBefore = row?.horizon ?? committed;
    } catch (err) {
      const failure = batchFailureOf(err);
      logger.warn({ topic, partition, committed, failure, err }, 'a take-over failed; it will be tried again');
      if (failure !== 'infrastructure' && !tenancy.isRevoked)
        troubles.report(keyOf(topic, partition), `${failure}: ${messageOf(err)}`);
      throw err;
    }
    if (tenancy.isRevoked) return;
    troubles.report(keyOf(topic, partition), null);
    logger.info({ topic, partition, committed, touchedBefore: tenure.touchedBefore }, 'partition taken over');
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
    if (tenure.tenancy.isRevoked) throw lost(batch);
    const mayBePresent = range.fromOffset < tenure.touchedBefore;
    await faults.at('sink.after-fetch');
    tenure.touchedBefore = Math.max(tenure.touchedBefore, range.toOffset);
    const result = await sink(range, batch.records, { mayBePresent });
    projector.hand(tenure.tenancy, {
      ...{ fromOffset: batch.firstOffset, nextOffset: batch.nextOffset, units: result.units },
      receivedAtUs: result.events.map(({ event }) => event.receivedAtUs),
    });
    return result;
  }

  function failed(batch: Batch, tenure: Tenure, error: unknown): void {
    tenure.attempts += 1;
    const failure = batchFailureOf(error);
    const { topic, partition, firstOffset, nextOffset } = batch;
    const facts = { topic, partition, firstOffset, nextOffset, failure, attempts: tenure.attempts, err: error };
    if (tenure.tenancy.isRevoked) {
      logger.info(facts, 'a batch of a partition that was given away is left to its new owner');
      return;
    }
    metrics.batchFailed(failure);
    if (failure === 'infrastructure') logger.warn(facts, 'batch failed; it will be tried again');
    else logger.error(facts, 'batch failed and needs a person; it will be tried again and never skipped');
    troubles.report(keyOf(topic, partition), failure === 'infrastructure' ? null : `${failure}: ${messageOf(error)}`);
  }

  async function work(batch: Batch): Promise<void> {
    const tenure = tenureOf(batch);
    await projector.room();
    const startedUs = clock.nowUs();
    try {
      const result = await inTurn(() => settle(batch, tenure));
      metrics.batchDone(result, (clock.nowUs() - startedUs) / 1_000_000);
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
    if (tenure.tenancy.isRevoked) return;
    troubles.report(keyOf(batch.topic, batch.partition), null);
    const restMs = restAfterBatchMs({
      records: batch.records.length,
      recordsMax: config.batchRecordsMax,
      elapsedMs: (clock.nowUs() - startedUs) / 1000,
      lingerMs: config.lingerMs,
    });
    if (restMs > 0 && !stopping.aborted) await clock.wait(restMs, stopping);
  }

  return {
    takeOver,
    work,
    revoked,
    /** Whether a partition is worked off here. */
    has: (topic: string, partition: number): boolean => tenures.has(keyOf(topic, partition)),
  };
}
