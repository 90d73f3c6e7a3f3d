import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Batch, ConsumeOptions, StoredRecord } from './event-log.ts';

export interface PartitionConsumer {
  /** The offset after the last record that the handler was given. */
  deliveredBefore(): number;
  /** Settles when the partition is no longer worked on; never rejects. */
  done: Promise<void>;
}

/** The next records of a partition, and where to go on after them. */
export interface PulledRecords {
  records: StoredRecord[];
  nextOffset: number;
}

export interface PartitionWork {
  options: ConsumeOptions;
  /** Logical name of the topic. */
  topic: string;
  partition: number;
  generation: string;
  /** Where the group stands. */
  committed: number;
  /** Waits until there are records at the offset; without any only when `stopping` is aborted. Rejects with what nothing but people can mend. */
  pull: (fromOffset: number) => Promise<PulledRecords>;
  stopping: AbortSignal;
}

/** Hands a partition's records over, batch after batch, until stopped or until it can't go on. */
export function consumePartition(work: PartitionWork): PartitionConsumer {
  const { options, topic, partition, generation, committed, pull, stopping } = work;
  const place = { topic, partition };
  let deliveredBefore = committed;

  async function run(): Promise<void> {
    await untilDone(() => options.onAssigned({ ...place, generation, committed }), options.retryDelayMs, stopping);
    let position = committed;
    while (!stopping.aborted) {
      const { records, nextOffset } = await pull(position);
      if (records.length === 0 || stopping.aborted) continue;
      const batch: Batch = { ...place, generation, records, firstOffset: position, nextOffset };
      deliveredBefore = nextOffset;
      await untilDone(() => options.onBatch(batch), options.retryDelayMs, stopping);
      position = nextOffset;
      await setImmediate();
    }
  }

  const done = run().catch((error: unknown) =>
    options.onFatal(error instanceof Error ? error : new Error(String(error))),
  );
  return { deliveredBefore: () => deliveredBefore, done };
}

/** Calls again and again until it succeeds, or until `stopping` between two attempts. */
async function untilDone(
  call: () => Promise<void>,
  delayMs: (attempt: number) => number,
  stopping: AbortSignal,
): Promise<void> {
  for (let attempt = 1; !stopping.aborted; attempt += 1) {
    try {
      return await call();
    } catch {
      await setTimeout(delayMs(attempt), undefined, { signal: stopping }).catch(() => {});
    }
  }
}
