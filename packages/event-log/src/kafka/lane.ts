import { EventLogError } from '../errors.ts';
import type { LogRecord } from '../event-log.ts';
import { failureFromCode, protocolErrorName } from './classify.ts';
import { backoffMs } from './pause.ts';
import type { PendingAppend } from './pending-append.ts';
import type { Topic } from './topics.ts';

/** A record on its way, and which one of its append it is. */
export interface QueuedRecord {
  append: PendingAppend;
  index: number;
  record: LogRecord;
  bytes: number;
}

/** The records that wait for one partition, in their order; at most one batch of them is under way. */
export interface Lane {
  readonly topic: Topic;
  readonly partition: number;
  push(records: readonly QueuedRecord[]): void;
  /** Whether a batch may leave now. */
  isReady(nowMs: number): boolean;
  /** When to look again, if nothing else happens: after a pause, or when the first append's time is over. Infinity if nothing waits. */
  wakeAtMs(nowMs: number): number;
  /** The next batch, of at most `bytesMax` bytes or one record. */
  take(bytesMax: number): QueuedRecord[];
  /** The batch that was taken is stored from this offset on. */
  stored(firstOffset: number): void;
  /** The broker refused the batch that was taken. */
  refused(errorCode: number, nowMs: number): void;
  /** The batch that was taken got no answer; `wasSent`: it may be stored all the same. */
  failed(failure: EventLogError, wasSent: boolean, nowMs: number): void;
  /** Refuses what has waited too long. */
  expire(nowMs: number): void;
}

const tooLarge = [10, 18];
const invalid = 87;
/** The leader has the records, but not enough of the others confirmed them in time. */
const uncertain = [7, 20];

export function createLane(topic: Topic, partition: number): Lane {
  const place = `${topic.name}/${partition}`;
  let queue: QueuedRecord[] = [];
  let taken: QueuedRecord[] | undefined;
  let batchBytesMax = Number.POSITIVE_INFINITY;
  let attempt = 0;
  let retryAtMs = 0;
  let lastFailure: EventLogError | undefined;

  function retry(failure: EventLogError, mayBeStored: boolean, nowMs: number): void {
    if (mayBeStored) for (const { append } of taken ?? []) append.markUncertain();
    attempt += 1;
    retryAtMs = nowMs + backoffMs(attempt);
    lastFailure = failure;
    queue = [...(taken ?? []), ...queue];
    taken = undefined;
  }

  function refuse(error: EventLogError): void {
    for (const { append } of taken ?? []) append.refuse(error);
    taken = undefined;
  }

  return {
    topic,
    partition,
    push(records) {
      for (const record of records) queue.push(record);
    },
    isReady: (nowMs) => taken === undefined && queue.length > 0 && retryAtMs <= nowMs,
    wakeAtMs(nowMs) {
      const [first] = queue;
      if (!first) return Number.POSITIVE_INFINITY;
      return Math.min(...[retryAtMs, first.append.endsAtMs].filter((atMs) => atMs > nowMs));
    },
    take(bytesMax) {
      const limit = Math.min(bytesMax, batchBytesMax);
      const batch: QueuedRecord[] = [];
      let bytes = 0;
      let seen = 0;
      for (const queued of queue) {
        if (!queued.append.isSettled()) {
          bytes += queued.bytes;
          if (batch.length > 0 && bytes > limit) break;
          batch.push(queued);
        }
        seen += 1;
      }
      queue = queue.slice(seen);
      taken = batch.length > 0 ? batch : undefined;
      return batch;
    },
    stored(firstOffset) {
      const batch = taken ?? [];
      taken = undefined;
      attempt = 0;
      lastFailure = undefined;
      for (const [at, { append, index }] of batch.entries())
        append.stored(index, { partition, offset: firstOffset + at });
    },
    refused(errorCode, nowMs) {
      const batch = taken ?? [];
      const doing = `appending to ${place}`;
      if (tooLarge.includes(errorCode)) {
        const bytes = batch.reduce((sum, queued) => sum + queued.bytes, 0);
        batchBytesMax = bytes / 2;
        const reason = `a batch of ${bytes} bytes is larger than the topic's max.message.bytes`;
        if (batch.length > 1) retry(new EventLogError('log_unavailable', `${place}: ${reason}`), false, nowMs);
        else refuse(new EventLogError('record_too_large', `${place}: ${reason}`));
        return;
      }
      if (errorCode === invalid)
        return refuse(
          new EventLogError('record_invalid', `${doing}: the broker answers ${protocolErrorName(invalid)}`),
        );
      const failure = failureFromCode(errorCode, doing);
      if (failure.canRetry) retry(failure, uncertain.includes(errorCode), nowMs);
      else refuse(failure);
    },
    failed(failure, wasSent, nowMs) {
      if (failure.canRetry) retry(failure, wasSent, nowMs);
      else refuse(failure);
    },
    expire(nowMs) {
      for (const { append } of queue) if (append.endsAtMs <= nowMs) append.expire(lastFailure);
      if (queue[0]?.append.isSettled()) queue = queue.filter(({ append }) => !append.isSettled());
    },
  };
}
