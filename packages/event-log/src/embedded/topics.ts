import { randomUUID } from 'node:crypto';
import { EventLogError } from '../errors.ts';
import type { TopicSettings } from '../event-log.ts';
import { decodeBlock, decodeBlockHeader } from './block.ts';
import { decodeBlockKey, encodeBlockKey, type MetaKey, metaKeys, type StoredTopic } from './layout.ts';
import type { Store } from './store.ts';

/** How topics are made: the number of partitions of those that have no settings of their own. */
export interface TopicRules {
  readonly partitions: number;
  readonly settings: Readonly<Record<string, TopicSettings>>;
}

/** What is durable of a partition. `waiting` are called once when `next` grows. */
export interface PartitionState {
  earliest: number;
  next: number;
  lastAppendedUs: number;
  waiting: Set<() => void>;
}

export interface GroupState {
  /** Where the group began, per partition. */
  began: number[];
  committed: Map<number, number>;
}

export interface TopicState {
  id: number;
  name: string;
  generation: string;
  /** Retention doesn't apply. */
  isKept: boolean;
  partitions: PartitionState[];
  groups: Map<string, GroupState>;
}

export function partitionState(topic: TopicState, partition: number): PartitionState {
  const state = topic.partitions[partition];
  if (!state)
    throw new EventLogError(
      'partition_unknown',
      `${topic.name} has the partitions 0…${topic.partitions.length - 1}, not ${partition}`,
    );
  return state;
}

/** Where the group stands: its commit, else where it began, else (a group that was never seen) the earliest record. */
export function groupPosition(topic: TopicState, group: string, partition: number): number {
  const state = topic.groups.get(group);
  return state?.committed.get(partition) ?? state?.began[partition] ?? partitionState(topic, partition).earliest;
}

export function createTopicState(id: number, name: string, partitions: number, isKept = false): TopicState {
  return {
    id,
    name,
    generation: randomUUID(),
    isKept,
    partitions: Array.from({ length: partitions }, () => ({
      earliest: 0,
      next: 0,
      lastAppendedUs: 0,
      waiting: new Set<() => void>(),
    })),
    groups: new Map(),
  };
}

/** Reads all topics and where their partitions and groups stand; the cost grows with their number, not with that of the records. */
export function loadTopics(store: Store, rules: TopicRules): Map<string, TopicState> {
  const topics = new Map<string, TopicState>();
  for (const { key, value } of childrenOf(store, ['topic'])) {
    const name = String(key[1]);
    const stored = value as StoredTopic;
    const own = settingsOf(rules, name);
    const expected = own?.partitions ?? (stored.hasOwnSettings === true ? stored.partitions : rules.partitions);
    if (stored.partitions !== expected)
      throw new EventLogError(
        'log_incompatible',
        `the topic ${name} was created with ${stored.partitions} partitions, not ${expected}; keys would change their partition`,
      );
    const heads = Array.from({ length: stored.partitions }, (_, partition) =>
      loadPartition(store, stored.id, partition),
    );
    topics.set(name, {
      id: stored.id,
      name,
      generation: stored.generation,
      isKept: stored.isKept === true || own?.isKept === true,
      partitions: heads,
      groups: loadGroups(store, stored.id),
    });
  }
  return topics;
}

function settingsOf({ settings }: TopicRules, name: string): TopicSettings | undefined {
  return Object.hasOwn(settings, name) ? settings[name] : undefined;
}

function loadPartition(store: Store, topicId: number, partition: number): PartitionState {
  const low = encodeBlockKey({ topicId, partition, firstOffset: 0 });
  const high = encodeBlockKey({ topicId, partition: partition + 1, firstOffset: 0 });
  const [firstKey] = store.records.getKeys({ start: low, end: high, limit: 1 });
  const empty = { earliest: 0, next: 0, lastAppendedUs: 0, waiting: new Set<() => void>() };
  if (!firstKey) return empty;
  const [last] = store.records
    .getRange({ start: high, end: low, inclusiveEnd: true, reverse: true, limit: 2 })
    .filter(({ key }) => key.compare(high) < 0);
  if (!last) return empty;
  let count = 0;
  for (const _ of decodeBlock(last.value)) count += 1;
  return {
    ...empty,
    earliest: decodeBlockKey(firstKey).firstOffset,
    next: decodeBlockKey(last.key).firstOffset + count,
    lastAppendedUs: decodeBlockHeader(last.value).appendedAtUs,
  };
}

function loadGroups(store: Store, topicId: number): Map<string, GroupState> {
  const groups = new Map<string, GroupState>();
  for (const { key, value } of childrenOf(store, ['group', topicId]))
    groups.set(String(key[2]), { began: value as number[], committed: new Map() });
  for (const { key, value } of childrenOf(store, ['committed', topicId]))
    groups.get(String(key[2]))?.committed.set(Number(key[3]), Number(value));
  return groups;
}

/** The entries whose key begins with `prefix`. */
function* childrenOf(store: Store, prefix: MetaKey): Generator<{ key: MetaKey; value: unknown }> {
  for (const { key, value } of store.meta.getRange({ start: [...prefix] })) {
    if (prefix.some((part, index) => key[index] !== part)) return;
    yield { key, value };
  }
}

/** Names and numbers of topics that exist; creates the missing ones, each once however many ask at the same time. */
export function createTopicCatalog(
  topics: Map<string, TopicState>,
  rules: TopicRules,
  create: (key: MetaKey, stored: StoredTopic, onDurable: () => void) => Promise<void>,
) {
  const creating = new Map<string, Promise<TopicState>>();
  let nextId = Math.max(0, ...[...topics.values()].map(({ id }) => id)) + 1;

  async function createTopic(name: string): Promise<TopicState> {
    const own = settingsOf(rules, name);
    const partitions = own?.partitions ?? rules.partitions;
    const isKept = own?.isKept === true;
    const topic = createTopicState(nextId, name, partitions, isKept);
    nextId += 1;
    const { id, generation } = topic;
    const stored: StoredTopic = { id, generation, partitions, ...(own && { hasOwnSettings: true, isKept }) };
    await create(metaKeys.topic(name), stored, () => topics.set(name, topic));
    return topic;
  }

  return {
    async get(name: string): Promise<TopicState> {
      const known = topics.get(name);
      if (known) return known;
      const pending = creating.get(name) ?? createTopic(name).finally(() => creating.delete(name));
      creating.set(name, pending);
      return pending;
    },
  };
}
