import type { Batch, ConsumeOptions, EventLog } from '@michinori/event-log';

/** A log whose partitions are given and taken by the test, as a broker does it in a rebalance. */
export interface DirectedLog {
  log: EventLog;
  /** Resolves when the partition is taken over. `committed`: where the group stands. */
  assign(topic: string, partition: number, committed: number): Promise<void>;
  revoke(topic: string, partition: number): void;
  /** Hands the stored records of a range over, once. */
  deliver(topic: string, partition: number, fromOffset: number, toOffset: number): Promise<void>;
  /** The batches that were handed over, as `topic/partition:offset`. */
  delivered: string[];
  /** What was committed, as `topic/partition:offset`. */
  commits: string[];
}

/** Directs the consumption of a log. `onCommit` answers in the broker's place. */
export function directedLog(
  log: EventLog,
  { onCommit = async () => {} }: { onCommit?: (topic: string, stopped: Promise<void>) => Promise<void> } = {},
): DirectedLog {
  const consumers = new Map<string, ConsumeOptions>();
  const [commits, delivered]: [string[], string[]] = [[], []];
  function consumerOf(topic: string): ConsumeOptions {
    const consumer = consumers.get(topic);
    if (consumer === undefined) throw new Error(`${topic} is not being consumed`);
    return consumer;
  }

  return {
    commits,
    delivered,
    log: {
      ...log,
      async consume(options) {
        consumers.set(options.topic, options);
        let end = () => {};
        const stopped = new Promise<void>((resolve) => {
          end = resolve;
        });
        return {
          async commit(partition, nextOffset) {
            await onCommit(options.topic, stopped);
            commits.push(`${options.topic}/${partition}:${nextOffset}`);
          },
          stop: async () => end(),
        };
      },
    },
    async assign(topic, partition, committed) {
      const generation = await log.generation(topic);
      await consumerOf(topic).onAssigned({ topic, partition, generation, committed });
    },
    revoke: (topic, partition) => consumerOf(topic).onRevoked?.({ topic, partition }),
    async deliver(topic, partition, fromOffset, toOffset) {
      const recordsMax = toOffset - fromOffset;
      const records = await log.read(topic, partition, fromOffset, { recordsMax, bytesMax: Number.MAX_SAFE_INTEGER });
      const batch: Batch = {
        ...{ topic, partition, records },
        generation: await log.generation(topic),
        firstOffset: fromOffset,
        nextOffset: toOffset,
      };
      delivered.push(`${topic}/${partition}:${fromOffset}`);
      await consumerOf(topic).onBatch(batch);
    },
  };
}
