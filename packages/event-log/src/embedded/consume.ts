import { consumePartition } from '../consume-partition.ts';
import { EventLogError } from '../errors.ts';
import type { ConsumeOptions, Consumption } from '../event-log.ts';
import { assertName } from '../name.ts';
import { commitOffset, registerGroup } from './operations.ts';
import { createPull } from './pull.ts';
import type { Store } from './store.ts';
import type { TopicState } from './topics.ts';
import type { Writer } from './writer.ts';

interface ConsumptionsOptions {
  store: Store;
  writer: Writer;
  /** A group has advanced. */
  onVerified: () => void;
}

/**
 * Starts consumptions and keeps the book of them: one per group and topic, because everything of this log happens in one process and a second
 * member would only halve the batches. A second one is refused with `group_taken` until the first has stopped.
 */
export function createConsumptions({ store, writer, onVerified }: ConsumptionsOptions) {
  const running = new Map<string, Consumption>();
  let closed = false;
  const nameOf = (topic: TopicState, group: string) => `${topic.name}/${group}`;

  async function start(topic: TopicState, options: ConsumeOptions): Promise<Consumption> {
    const { group } = options;
    const positions = await writer.submit(registerGroup(topic, group));
    if (closed) throw new EventLogError('log_closed', 'the event log is closed');
    const stopping = new AbortController();
    const limits = { recordsMax: options.batchRecordsMax, bytesMax: options.batchBytesMax };
    const consumers = topic.partitions.map((_, partition) => {
      const consumer = consumePartition({
        options,
        ...{ topic: topic.name, partition, generation: topic.generation },
        committed: positions[partition] ?? 0,
        pull: createPull(store, topic, partition, limits, stopping.signal),
        stopping: stopping.signal,
      });
      const done = consumer.done.finally(() => options.onRevoked?.({ topic: topic.name, partition }));
      return { ...consumer, done };
    });
    let stopped: Promise<void> | undefined;
    let over = false;

    async function stop(): Promise<void> {
      stopping.abort();
      await Promise.all(consumers.map(({ done }) => done));
      over = true;
      running.delete(nameOf(topic, group));
    }

    return {
      async commit(partition, nextOffset) {
        if (over)
          throw new EventLogError('consumption_stopped', `the consumption of ${topic.name} by ${group} has stopped`);
        const consumer = consumers[partition];
        if (!consumer) throw new EventLogError('partition_unknown', `${topic.name} has no partition ${partition}`);
        await writer.submit(commitOffset(topic, group, partition, nextOffset, consumer.deliveredBefore()));
        onVerified();
      },
      stop() {
        stopped ??= stop();
        return stopped;
      },
    };
  }

  return {
    async consume(topic: TopicState, options: ConsumeOptions): Promise<Consumption> {
      assertName('group', options.group);
      if (!(options.batchRecordsMax >= 1)) throw new RangeError('batchRecordsMax must be at least 1');
      const name = nameOf(topic, options.group);
      if (running.has(name))
        throw new EventLogError(
          'group_taken',
          `the group ${options.group} consumes ${topic.name} already; stop it first`,
        );
      running.set(name, starting);
      try {
        const consumption = await start(topic, options);
        running.set(name, consumption);
        return consumption;
      } catch (error) {
        running.delete(name);
        throw error;
      }
    },
    isRunning: (topic: TopicState, group: string) => running.has(nameOf(topic, group)),
    async stopAll(): Promise<void> {
      closed = true;
      await Promise.all([...running.values()].map((consumption) => consumption.stop()));
    },
  };
}

const starting: Consumption = { commit: async () => {}, stop: async () => {} };
