import { setImmediate } from 'node:timers/promises';
import { failureFromCode } from './classify.ts';
import { leaderOf } from './leaders.ts';
import type { Link } from './link.ts';
import { pause } from './pause.ts';
import type { Topic } from './topics.ts';
import { type FetchTarget, fetchRequest } from './wire/fetch-request.ts';

/** How long a broker holds a question without news: also how late a partition may be that joins while one is being held. */
const waitMsMax = 100;
const answerMsMax = 30_000;

interface Watch {
  topic: Topic;
  partition: number;
  offset: number;
  wake(): void;
}

export interface Watcher {
  /**
   * Resolves when there may be something to read at the offset, or something wrong with the partition: look again. Never rejects; ends
   * early when `stopping` is aborted.
   */
  changed(topic: Topic, partition: number, offset: number, stopping: AbortSignal): Promise<void>;
}

/**
 * Waits for records of all idle partitions of this process with one held request per broker, on a connection that nothing else uses:
 * a broker works on the requests of a connection one after the other.
 */
export function createWatcher(link: Link): Watcher {
  const watched = new Map<number, Set<Watch>>();

  async function run(node: number, watches: Set<Watch>): Promise<void> {
    while (watches.size > 0) {
      await setImmediate();
      const asked = [...watches];
      const changed = await ask(node, asked);
      for (const watch of asked) if (changed.has(watch)) watch.wake();
    }
    watched.delete(node);
  }

  /** Those of the watches for which something has changed; all of them if the broker gives no answer. */
  async function ask(node: number, asked: readonly Watch[]): Promise<ReadonlySet<Watch>> {
    const targets = new Map<string, FetchTarget>();
    for (const { topic, partition, offset } of asked) {
      const key = `${topic.id}/${partition}`;
      const lowest = Math.min(offset, targets.get(key)?.offset ?? offset);
      targets.set(key, { topicId: topic.id, partition, offset: lowest, bytesMax: 1 });
    }
    try {
      const request = fetchRequest([...targets.values()], { waitMsMax, bytesMax: 1 });
      const { errorCode, partitions } = await link.send(node, request, { connection: 1, timeoutMs: answerMsMax });
      if (errorCode !== 0) throw failureFromCode(errorCode, `waiting for broker ${node}`);
      const found = new Map(partitions.map((answer) => [`${answer.topicId}/${answer.partition}`, answer]));
      return new Set(
        asked.filter(({ topic, partition, offset }) => {
          const answer = found.get(`${topic.id}/${partition}`);
          return answer?.errorCode !== 0 || answer.readableBefore > offset;
        }),
      );
    } catch {
      await pause(waitMsMax);
      return new Set(asked);
    }
  }

  return {
    async changed(topic, partition, offset, stopping) {
      const node = await leaderOf(link, topic, partition).catch(() => undefined);
      if (node === undefined || stopping.aborted) return;
      await new Promise<void>((resolve) => {
        const watches = watched.get(node) ?? new Set<Watch>();
        const watch: Watch = {
          ...{ topic, partition, offset },
          wake() {
            watches.delete(watch);
            stopping.removeEventListener('abort', watch.wake);
            resolve();
          },
        };
        stopping.addEventListener('abort', watch.wake);
        watches.add(watch);
        if (!watched.has(node)) {
          watched.set(node, watches);
          run(node, watches);
        }
      });
    },
  };
}
