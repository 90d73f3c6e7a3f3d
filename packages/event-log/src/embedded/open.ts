import { mkdir } from 'node:fs/promises';
import { EventLogError } from '../errors.ts';
import type { EventLog, TopicSettings } from '../event-log.ts';
import { assertName } from '../name.ts';
import { sizeRecord } from '../sized-record.ts';
import { createConsumptions } from './consume.ts';
import { acquireFolderLock } from './folder-lock.ts';
import { formatVersion, metaKeys } from './layout.ts';
import { appendRecords, discardBlocks, forgetGroup } from './operations.ts';
import { readRecords } from './reader.ts';
import type { Retention } from './retention.ts';
import { openStore, type Store } from './store.ts';
import {
  createTopicCatalog,
  groupPosition,
  loadTopics,
  partitionState,
  type TopicRules,
  type TopicState,
} from './topics.ts';
import { createTrimmer } from './trimmer.ts';
import { createWriter, type Writer } from './writer.ts';

export interface EmbeddedLogOptions {
  /** The folder that this log owns; created if missing. */
  path: string;
  /** Partitions of every topic but those in `topics`. Fixed when the folder is first used: `log_incompatible` otherwise. */
  partitions: number;
  /**
   * Topics that are made differently, by name. Their settings are stored with them: who opens the folder without naming them gets them as
   * they are, who names another number of partitions is refused with `log_incompatible`.
   */
  topics?: Readonly<Record<string, TopicSettings>>;
  retention?: Retention;
  /** Bytes of records that may wait for the disk before `append` rejects with `log_overloaded`. Default 64 MiB. */
  pendingBytesMax?: number;
  /** Bytes of records in one transaction. Default 8 MiB. */
  groupBytesMax?: number;
  /** Bytes of one stored record, key and header included. Default 4 MiB. */
  recordBytesMax?: number;
  /** A transaction that takes longer makes the log refuse everything (`log_write_failed`). Default 60 000. */
  commitTimeoutMs?: number;
  /** Microseconds since the epoch, for `appendedAtUs` and the age of records. */
  nowUs?: () => number;
}

/** The log of one process, in one folder. */
export interface EmbeddedLog extends EventLog {
  /** Applies the retention now; resolves with the number of removed blocks. It also happens by itself. */
  trim(): Promise<number>;
  /**
   * An operator's decision to lose records: removes the blocks that lie wholly before `beforeOffset`, verified or not; resolves with the new
   * earliest offset. The newest block always stays.
   */
  discardBefore(topic: string, partition: number, beforeOffset: number): Promise<number>;
  /** Removes a group that nobody will run again, so that it no longer holds records back. `group_taken` while it is consuming. */
  forgetGroup(group: string, topic: string): Promise<void>;
  /** Bytes of all stored blocks, and of records that wait for the disk. */
  usage(): { storedBytes: number; pendingBytes: number };
}

/**
 * Opens or creates the log in a folder and takes the folder for this process (`log_locked` if another one holds it).
 * What is durable and when: docs/embedded.md.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const { path } = options;
  const rules: TopicRules = { partitions: options.partitions, settings: options.topics ?? {} };
  for (const { partitions } of [rules, ...Object.values(rules.settings)])
    if (!Number.isSafeInteger(partitions) || partitions < 1 || partitions > 4096)
      throw new RangeError(`partitions must be 1…4096, not ${partitions}`);
  await mkdir(path, { recursive: true });
  const lock = await acquireFolderLock(path);
  let store: Store | undefined;
  try {
    store = openStore(path, { commitTimeoutMs: options.commitTimeoutMs ?? 60_000 });
    await checkFormat(store);
    return assemble(options, store, rules, lock.release);
  } catch (error) {
    await store?.close();
    await lock.release();
    throw error;
  }
}

async function checkFormat(store: Store): Promise<void> {
  const found = store.meta.get([...metaKeys.format]);
  if (found === undefined) return store.commit([{ in: 'meta', key: metaKeys.format, value: formatVersion }]);
  if (found !== formatVersion)
    throw new EventLogError(
      'log_incompatible',
      `the log has format ${String(found)}, this program reads format ${formatVersion}`,
    );
}

function assemble(
  options: EmbeddedLogOptions,
  store: Store,
  rules: TopicRules,
  releaseLock: () => Promise<void>,
): EmbeddedLog {
  const { retention = {}, recordBytesMax = 4 << 20, pendingBytesMax = 64 << 20 } = options;
  const topics = loadTopics(store, rules);
  const trimmer = createTrimmer(store, topics, retention);
  const writer: Writer = createWriter({
    store,
    nowUs: options.nowUs ?? (() => Date.now() * 1000),
    pendingBytesMax,
    groupBytesMax: options.groupBytesMax ?? 8 << 20,
    onCommitted: () => trimmer.onCommitted(writer),
  });
  const consumptions = createConsumptions({ store, writer, onVerified: () => trimmer.onVerified(writer) });
  const catalog = createTopicCatalog(topics, rules, (key, stored, onDurable) =>
    writer.submit((plan) => {
      plan.put(key, stored);
      return onDurable;
    }),
  );
  let closing: Promise<void> | undefined;
  trimmer.start(writer);

  async function topicOf(name: string): Promise<TopicState> {
    if (closing) throw new EventLogError('log_closed', 'the event log is closed');
    assertName('topic', name);
    return catalog.get(name);
  }

  async function close(): Promise<void> {
    trimmer.stop();
    await consumptions.stopAll();
    await writer.close();
    await store.close();
    await releaseLock();
  }

  return {
    async append(topic, records) {
      const sized = records.map((record) => sizeRecord(record, recordBytesMax));
      const weight = sized.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
      if (weight > pendingBytesMax)
        throw new EventLogError(
          'append_too_large',
          `an append of ${weight} bytes exceeds the limit of ${pendingBytesMax}`,
        );
      const state = await topicOf(topic);
      return sized.length === 0 ? [] : writer.submit(appendRecords(state, sized), weight);
    },
    async read(topic, partition, fromOffset, limits) {
      return readRecords(store, await topicOf(topic), partition, fromOffset, limits);
    },
    async positions(topic) {
      const state = await topicOf(topic);
      return state.partitions.map(({ earliest, next }, partition) => ({ partition, earliest, next }));
    },
    generation: async (topic) => (await topicOf(topic)).generation,
    consume: async (consume) => consumptions.consume(await topicOf(consume.topic), consume),
    async committed(group, topic) {
      assertName('group', group);
      return new Map((await topicOf(topic)).groups.get(group)?.committed);
    },
    async lag(group, topic) {
      assertName('group', group);
      const state = await topicOf(topic);
      return state.partitions.map(({ next }, partition) => ({
        partition,
        lag: next - groupPosition(state, group, partition),
      }));
    },
    trim: () => trimmer.trim(writer),
    async discardBefore(topic, partition, beforeOffset) {
      const state = await topicOf(topic);
      partitionState(state, partition);
      return writer.submit(discardBlocks(store, state, partition, beforeOffset));
    },
    async forgetGroup(group, topic) {
      assertName('group', group);
      const state = await topicOf(topic);
      if (consumptions.isRunning(state, group))
        throw new EventLogError('group_taken', `the group ${group} is consuming ${topic}`);
      await writer.submit(forgetGroup(state, group));
      trimmer.onVerified(writer);
    },
    usage: () => ({ storedBytes: writer.bytes(), pendingBytes: writer.pendingBytes() }),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
