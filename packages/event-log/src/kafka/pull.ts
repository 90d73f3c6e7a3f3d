import type { PulledRecords } from '../consume-partition.ts';
import type { ReadLimits } from '../event-log.ts';
import { classifyFailure } from './classify.ts';
import type { FetchContext } from './fetch-partition.ts';
import { createPartitionReader } from './partition-reader.ts';
import { backoffMs, pause } from './pause.ts';
import type { Topic } from './topics.ts';
import type { Watcher } from './watcher.ts';

export interface PullOptions {
  context: FetchContext;
  watcher: Watcher;
  topic: Topic;
  partition: number;
  fromOffset: number;
  limits: ReadLimits;
  stopping: AbortSignal;
}

/** Reads a partition forward, one call after the other; waits at its end, and for as long as the brokers can't be reached. */
export function createPull(options: PullOptions): () => Promise<PulledRecords> {
  const { context, watcher, topic, partition, fromOffset, limits, stopping } = options;
  const reader = createPartitionReader(context, topic, partition, fromOffset);
  return async () => {
    for (let attempt = 1; !stopping.aborted; ) {
      try {
        const piece = await reader.next(limits);
        if (piece.records.length > 0) return piece;
        attempt = 1;
        await watcher.changed(topic, partition, piece.nextOffset, stopping);
      } catch (error) {
        const failure = classifyFailure(error, `reading ${topic.name}/${partition}`);
        if (!failure.canRetry) throw failure;
        await pause(backoffMs(attempt), stopping);
        attempt += 1;
      }
    }
    return { records: [], nextOffset: fromOffset };
  };
}
