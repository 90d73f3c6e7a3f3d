import { EventLogError } from '../errors.ts';
import { createGroupCommit, type QueuedOperation } from './group-commit.ts';
import { metaKeys } from './layout.ts';
import { createPlan, type Plan } from './plan.ts';
import type { Store } from './store.ts';

/**
 * Stages its changes and returns what is to be done, and answered, once they are durable. If it throws it must not have staged anything:
 * then it alone is refused, and its group goes on.
 */
export type Operation<T> = (plan: Plan) => () => T;

export interface Writer {
  submit<T>(operation: Operation<T>, weight?: number): Promise<T>;
  /** Bytes of all stored blocks. */
  bytes(): number;
  pendingBytes(): number;
  close(): Promise<void>;
}

export interface WriterOptions {
  store: Store;
  nowUs: () => number;
  pendingBytesMax: number;
  groupBytesMax: number;
  onCommitted(): void;
}

/** The only one that writes to the store: turns concurrent operations into one transaction after the other. */
export function createWriter({ store, nowUs, pendingBytesMax, groupBytesMax, onCommitted }: WriterOptions): Writer {
  let bytes = Number(store.meta.get([...metaKeys.bytes]) ?? 0);
  const queue = createGroupCommit<Operation<unknown>>({
    commitGroup,
    pendingWeightMax: pendingBytesMax,
    groupWeightMax: groupBytesMax,
  });

  async function commitGroup(group: readonly QueuedOperation<Operation<unknown>>[]): Promise<void> {
    const plan = createPlan(nowUs(), bytes);
    const staged = group.flatMap((queued) => {
      try {
        return [{ queued, finish: queued.operation(plan) }];
      } catch (error) {
        queued.reject(error);
        return [];
      }
    });
    try {
      const changes = plan.changes();
      if (changes.length > 0) await store.commit(changes);
    } catch (error) {
      for (const { queued } of staged) queued.reject(error);
      if (!(error instanceof EventLogError && error.canRetry)) queue.fail(stopped(error));
      return;
    }
    bytes = plan.bytesAfter();
    plan.apply();
    for (const { queued, finish } of staged) queued.resolve(finish());
    onCommitted();
  }

  return {
    submit: <T>(operation: Operation<T>, weight = 0) => queue.submit(operation, weight) as Promise<T>,
    bytes: () => bytes,
    pendingBytes: queue.pendingWeight,
    async close() {
      queue.refuse(new EventLogError('log_closed', 'the event log is closed'));
      await queue.drained();
    },
  };
}

function stopped(cause: unknown): EventLogError {
  return new EventLogError(
    'log_write_failed',
    'an earlier write failed in a way that cannot be judged; open the log again',
    { cause },
  );
}
