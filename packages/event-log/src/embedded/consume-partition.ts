import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Batch, ConsumeOptions, StoredRecord } from '../event-log.ts';
import type { PartitionState, TopicState } from './topics.ts';

export interface PartitionConsumer {
  /** The offset after the last record that the handler was given. */
  deliveredBefore(): number;
  /** Settles when the partition is no longer worked on; never rejects. */
  done: Promise<void>;
}

export interface PartitionWork {
  options: ConsumeOptions;
  topic: TopicState;
  partition: number;
  state: PartitionState;
  /** Where the group stands. */
  committed: number;
  read: (fromOffset: number) => StoredRecord[];
  stopping: AbortSignal;
}

/** Hands a partition's records over, batch after batch, until stopped or until it can't go on. */
export function consumePartition(work: PartitionWork): PartitionConsumer {
  const { options, topic, partition, state, committed, read, stopping } = work;
  const place = { topic: topic.name, partition };
  const { generation } = topic;
  let deliveredBefore = committed;

  async function run(): Promise<void> {
    await untilDone(() => options.onAssigned({ ...place, generation, committed }), options.retryDelayMs, stopping);
    let position = committed;
    while (!stopping.aborted) {
      const records = read(position);
      if (records.length === 0) {
        await recordsAfter(state, position, stopping);
        continue;
      }
      const nextOffset = position + records.length;
      const batch: Batch = { ...place, generation, records, firstOffset: position, nextOffset };
      deliveredBefore = nextOffset;
      await untilDone(() => options.onBatch(batch), options.retryDelayMs, stopping);
      position = nextOffset;
      await setImmediate();
    }
  }

  const done = run()
    .catch((error: unknown) => options.onFatal(error instanceof Error ? error : new Error(String(error))))
    .finally(() => options.onRevoked?.(place));
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

function recordsAfter(state: PartitionState, position: number, stopping: AbortSignal): Promise<void> {
  if (state.next > position || stopping.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      state.waiting.delete(wake);
      stopping.removeEventListener('abort', wake);
      resolve();
    };
    state.waiting.add(wake);
    stopping.addEventListener('abort', wake);
  });
}
