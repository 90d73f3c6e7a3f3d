import { setImmediate } from 'node:timers/promises';
import { EventLogError } from '../errors.ts';

export interface QueuedOperation<Operation> {
  operation: Operation;
  weight: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface GroupCommitOptions<Operation> {
  /** Makes a group durable, settles each of its operations, and never rejects. */
  commitGroup(group: readonly QueuedOperation<Operation>[]): Promise<void>;
  /** Weight (bytes) that may be queued or under way; beyond it `submit` rejects with `log_overloaded`. */
  pendingWeightMax: number;
  /** Weight of one group; a heavier operation makes a group of its own. */
  groupWeightMax: number;
}

/**
 * A queue in front of a disk: while one group is being flushed the next one gathers, so that any number of concurrent operations share one
 * flush. Groups are strictly one after the other, operations keep their order.
 */
export function createGroupCommit<Operation>({
  commitGroup,
  pendingWeightMax,
  groupWeightMax,
}: GroupCommitOptions<Operation>) {
  const queue: QueuedOperation<Operation>[] = [];
  let pendingWeight = 0;
  let running: Promise<void> | undefined;
  let refusal: EventLogError | undefined;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      await setImmediate();
      const group = takeGroup(queue, groupWeightMax);
      await commitGroup(group);
      for (const { weight } of group) pendingWeight -= weight;
    }
    running = undefined;
  }

  return {
    /** `weight` 0 marks the log's own operations, which are never refused for overload. */
    submit(operation: Operation, weight: number): Promise<unknown> {
      if (refusal) return Promise.reject(refusal);
      if (weight > 0 && pendingWeight > 0 && pendingWeight + weight > pendingWeightMax)
        return Promise.reject(
          new EventLogError('log_overloaded', `${pendingWeight} bytes wait to be written, ${pendingWeightMax} may`),
        );
      return new Promise((resolve, reject) => {
        queue.push({ operation, weight, resolve, reject });
        pendingWeight += weight;
        running ??= run();
      });
    },
    pendingWeight: () => pendingWeight,
    /** Refuses new operations from now on; those that are queued are still committed. */
    refuse(error: EventLogError): void {
      refusal ??= error;
    },
    /** Refuses new and queued operations: the store can't be trusted any more. */
    fail(error: EventLogError): void {
      refusal = error;
      for (const { reject, weight } of queue.splice(0)) {
        pendingWeight -= weight;
        reject(error);
      }
    },
    async drained(): Promise<void> {
      await running;
    },
  };
}

function takeGroup<Operation>(queue: QueuedOperation<Operation>[], weightMax: number): QueuedOperation<Operation>[] {
  let weight = 0;
  let count = 0;
  for (const queued of queue) {
    if (count > 0 && weight + queued.weight > weightMax) break;
    weight += queued.weight;
    count += 1;
  }
  return queue.splice(0, count);
}
