import { once } from 'node:events';
import type { Consumer, KafkaConfig } from 'kafkajs';
import type { EventLogError } from '../errors.ts';
import { classifyFailure } from './classify.ts';
import { createClient } from './client.ts';
import { backoffMs, pause } from './pause.ts';

const joinMsMax = 5000;

export interface MembershipOptions {
  config: KafkaConfig;
  groupId: string;
  physicalTopic: string;
  /** Written beside every committed offset. */
  commitNote: string;
  sessionTimeoutMs: number;
  /** The partitions that are ours from now on, all of them. */
  onAssigned(partitions: readonly number[]): void;
  /** Asks for the group in another way: kafkajs hides why it finds no coordinator. */
  lookUp(): Promise<unknown>;
  /** Membership can't go on; nothing is ours until people have mended it. */
  onFatal(error: Error): void;
}

/** A place in a Kafka group. */
export interface Membership {
  /** Commits offsets by partition and resolves with those that the coordinator has confirmed; the others may be tried again. */
  commit(offsets: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, number>>;
  /** Leaves the group. */
  stop(): Promise<void>;
}

/**
 * kafkajs's consumer, for membership only: it joins, heartbeats and commits, but its fetching is always paused. After a crash it is thrown
 * away and a new one made, for as long as the reason may pass.
 */
export function createMembership(options: MembershipOptions): Membership {
  const { groupId, physicalTopic, commitNote, sessionTimeoutMs, onAssigned, onFatal } = options;
  const stopping = new AbortController();
  const stopped = once(stopping.signal, 'abort');
  let current: { consumer: Consumer; settled: Promise<unknown>; confirmed: Map<number, number> } | undefined;

  function createConsumer(): Consumer {
    const heartbeatMs = Math.min(1000, Math.floor(sessionTimeoutMs / 3));
    const retry = { retries: 3, initialRetryTime: 200, maxRetryTime: 2000, factor: 0.2, multiplier: 2 };
    return createClient(options.config, { retries: 3, initialRetryTime: 200 }).consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: Math.max(sessionTimeoutMs, 10_000),
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: Math.min(500, heartbeatMs),
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      retry: { ...retry, restartOnFailure: async () => false },
    });
  }

  /** Runs one consumer until it crashes or membership is stopped; resolves with the reason of the crash. */
  async function session(): Promise<unknown> {
    const consumer = createConsumer();
    const { CRASH, GROUP_JOIN, COMMIT_OFFSETS } = consumer.events;
    const confirmed = new Map<number, number>();
    const crashed = new Promise<unknown>((resolve) => {
      consumer.on(CRASH, ({ payload }) => resolve(payload.error));
    });
    const joined = new Promise<void>((resolve) => {
      consumer.on(GROUP_JOIN, ({ payload }) => {
        if (!stopping.signal.aborted) onAssigned(payload.memberAssignment[physicalTopic] ?? []);
        resolve();
      });
    });
    consumer.on(COMMIT_OFFSETS, ({ payload }) => {
      for (const { partitions } of payload.topics)
        for (const { partition, offset } of partitions) confirmed.set(partition, Number(offset));
    });
    try {
      current = { consumer, settled: Promise.race([joined, crashed]), confirmed };
      await consumer.connect();
      await consumer.subscribe({ topics: [physicalTopic], fromBeginning: true });
      const running = consumer.run({ autoCommit: false, eachBatch: async () => {} });
      consumer.pause([{ topic: physicalTopic }]);
      running.catch(() => {});
      return await Promise.race([crashed, stopped]);
    } catch (error) {
      return error;
    } finally {
      if (!stopping.signal.aborted) await consumer.disconnect().catch(() => {});
    }
  }

  async function diagnose(reason: unknown): Promise<EventLogError> {
    const doing = `taking part in the group ${groupId}`;
    const failure = classifyFailure(reason, doing);
    if (!failure.canRetry) return failure;
    const better = await options.lookUp().then(
      () => failure,
      (error: unknown) => classifyFailure(error, doing),
    );
    return better.canRetry ? failure : better;
  }

  async function run(): Promise<void> {
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      const beganAtMs = Date.now();
      const reason = await session();
      if (stopping.signal.aborted) return;
      onAssigned([]);
      const failure = await diagnose(reason);
      if (!failure.canRetry) return onFatal(failure);
      if (Date.now() - beganAtMs > sessionTimeoutMs) attempt = 1;
      await pause(backoffMs(attempt), stopping.signal);
    }
  }

  const running = run();

  return {
    async commit(offsets) {
      const { consumer, confirmed } = current ?? {};
      if (!consumer || !confirmed) return new Map();
      confirmed.clear();
      const entries = [...offsets].map(([partition, offset]) => ({
        ...{ topic: physicalTopic, partition, offset: String(offset), metadata: commitNote },
      }));
      await consumer.commitOffsets(entries).catch(() => {});
      return new Map(confirmed);
    },
    async stop() {
      stopping.abort();
      await Promise.race([current?.settled, pause(joinMsMax)]);
      await current?.consumer.disconnect().catch(() => {});
      await running;
    },
  };
}
