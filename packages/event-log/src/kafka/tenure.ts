import { consumePartition } from '../consume-partition.ts';
import type { ConsumeOptions } from '../event-log.ts';
import { classifyFailure } from './classify.ts';
import type { FetchContext } from './fetch-partition.ts';
import { readCommitted } from './group-offsets.ts';
import { persist } from './pause.ts';
import { readPositions } from './positions.ts';
import { createPull } from './pull.ts';
import type { Topic } from './topics.ts';
import type { Watcher } from './watcher.ts';

export interface TenureContext {
  options: ConsumeOptions;
  fetch: FetchContext;
  watcher: Watcher;
  topic: Topic;
}

/** The time in which a partition is ours. */
export interface Tenure {
  /** After the last record that the handler was given; undefined before the partition was looked up. */
  deliveredBefore(): number | undefined;
  /** What is committed as far as this tenure knows; -1 if nothing ever was. */
  committed: number;
  /** No further batch begins; `onRevoked` is called at once, while a handler may still be running. */
  revoke(): void;
  /** No further batch begins; `onRevoked` is called after the running handler has settled. */
  end(): void;
  /** Settles when nothing of it runs any more; never rejects. */
  done: Promise<void>;
}

/** Begins after `former` has settled: a partition never has two handlers in one process. */
export function beginTenure(context: TenureContext, partition: number, former: Promise<void> | undefined): Tenure {
  const { options, fetch, topic, watcher } = context;
  const stopping = new AbortController();
  const { signal } = stopping;
  const place = { topic: topic.name, partition };
  let delivered: (() => number) | undefined;
  let isAnnounced = false;

  function announceEnd(): void {
    if (isAnnounced) options.onRevoked?.(place);
    isAnnounced = false;
  }

  async function startOffset(): Promise<number> {
    const committed = (await readCommitted(fetch.link, options.group, topic)).get(partition);
    if (committed !== undefined) {
      tenure.committed = committed;
      return committed;
    }
    const [range] = await readPositions(fetch.link, topic, [partition]);
    return range?.earliest ?? 0;
  }

  async function run(): Promise<void> {
    await former;
    const doing = `looking for where ${options.group} stands in ${topic.name}/${partition}`;
    const committed = await persist(doing, Number.POSITIVE_INFINITY, startOffset, signal).catch((error: unknown) => {
      if (!signal.aborted) options.onFatal(classifyFailure(error, doing));
    });
    if (committed === undefined || signal.aborted) return;
    isAnnounced = true;
    const consumer = consumePartition({
      ...{ options, topic: topic.name, partition, committed, stopping: signal },
      generation: topic.id,
      pull: createPull({
        ...{ watcher, topic, partition, context: fetch, stopping: signal, fromOffset: committed },
        limits: { recordsMax: options.batchRecordsMax, bytesMax: options.batchBytesMax },
      }),
    });
    delivered = consumer.deliveredBefore;
    await consumer.done;
    announceEnd();
  }

  const tenure: Tenure = {
    deliveredBefore: () => delivered?.(),
    committed: -1,
    revoke() {
      stopping.abort();
      announceEnd();
    },
    end: () => stopping.abort(),
    done: Promise.resolve(),
  };
  tenure.done = run();
  return tenure;
}
