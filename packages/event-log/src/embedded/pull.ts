import type { PulledRecords } from '../consume-partition.ts';
import type { ReadLimits } from '../event-log.ts';
import { readRecords } from './reader.ts';
import type { Store } from './store.ts';
import { type PartitionState, partitionState, type TopicState } from './topics.ts';

/** Reads from an offset on; at the end of the partition it waits for the next append, or for `stopping`. */
export function createPull(
  store: Store,
  topic: TopicState,
  partition: number,
  limits: ReadLimits,
  stopping: AbortSignal,
): (fromOffset: number) => Promise<PulledRecords> {
  const state = partitionState(topic, partition);
  return async (fromOffset) => {
    for (;;) {
      const records = readRecords(store, topic, partition, fromOffset, limits);
      if (records.length > 0 || stopping.aborted) return { records, nextOffset: fromOffset + records.length };
      await recordsAfter(state, fromOffset, stopping);
    }
  };
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
