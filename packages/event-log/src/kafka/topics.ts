// Node finds no export of that name in the CommonJS module.
import kafkajs, { type Admin, type KafkaConfig } from 'kafkajs';
import { EventLogError } from '../errors.ts';
import { assertName } from '../name.ts';
import { classifyFailure, failureFromCode, hasType } from './classify.ts';
import { createClient } from './client.ts';
import type { Link } from './link.ts';
import type { KafkaLogOptions } from './options.ts';
import { persist } from './pause.ts';
import { compareTopic, creationOf, type WantedTopic, wantedTopic } from './topic-rules.ts';
import { metadataRequest, type TopicMetadata } from './wire/metadata-request.ts';
import type { TopicId } from './wire/topic-id.ts';

/** A topic that exists and is as it has to be. */
export interface Topic {
  /** Logical. */
  name: string;
  /** In Kafka. */
  physical: string;
  /** Of the incarnation that was found when the topic was first used. */
  id: TopicId;
  partitions: number;
}

export interface Topics {
  /** The topic, created and checked at its first use. */
  get(name: string): Promise<Topic>;
  /** What the brokers say about a topic now; undefined if they don't know it. */
  describe(physical: string): Promise<TopicMetadata | undefined>;
}

const unknownTopic = 3;

/** Knows the topics of this log; creates what is missing and refuses what is different from what was asked for (`topic_mismatch`). */
export function createTopics(
  options: KafkaLogOptions,
  config: KafkaConfig,
  link: Link,
  recordBytesMax: number,
): Topics {
  const { connectTimeoutMs = 5000 } = options;
  const known = new Map<string, Promise<Topic>>();

  async function metadata(physical: string) {
    const answer = await link.send(undefined, metadataRequest([physical]), {
      connection: 0,
      timeoutMs: connectTimeoutMs,
    });
    return { brokers: answer.brokers.length, topic: answer.topics.find(({ name }) => name === physical) };
  }

  async function describe(physical: string): Promise<TopicMetadata | undefined> {
    const { topic } = await metadata(physical);
    if (topic === undefined || topic.errorCode === unknownTopic) return undefined;
    if (topic.errorCode !== 0) throw failureFromCode(topic.errorCode, `looking for the topic ${physical}`);
    return topic;
  }

  async function settled(wanted: WantedTopic): Promise<TopicMetadata> {
    const found = await describe(wanted.physical);
    if (!found || found.partitions.some(({ leader }) => leader < 0))
      throw new EventLogError('log_unavailable', `the topic ${wanted.physical} has partitions without a leader`);
    return found;
  }

  async function create(admin: Admin, wanted: WantedTopic): Promise<void> {
    const { brokers } = await metadata(wanted.physical);
    try {
      await admin.createTopics({ waitForLeaders: false, topics: [creationOf(wanted, brokers)] });
    } catch (error) {
      if (!hasType(error, 'TOPIC_ALREADY_EXISTS')) throw error;
    }
  }

  async function check(admin: Admin, wanted: WantedTopic, { partitions }: TopicMetadata): Promise<void> {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: wanted.physical }],
    });
    const configs = new Map(
      resources.flatMap(({ configEntries }) =>
        configEntries.map(({ configName, configValue }) => [configName, configValue] as const),
      ),
    );
    const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
    const mismatches = compareTopic(wanted, { partitions: partitions.length, replicas, configs });
    if (mismatches.length === 0) return;
    const lines = mismatches.map(
      ({ setting, wanted: value, found, mend }) => `${setting} is ${found}, wanted ${value}. To mend it: ${mend}`,
    );
    throw new EventLogError('topic_mismatch', `the topic ${wanted.physical} can't be used: ${lines.join('; ')}`);
  }

  async function ensure(name: string): Promise<Topic> {
    const { topics = {} } = options;
    const wanted = wantedTopic(name, options, Object.hasOwn(topics, name) ? topics[name] : undefined, recordBytesMax);
    const doing = `preparing the topic ${wanted.physical}`;
    const admin = createClient(config, { retries: 2, initialRetryTime: 100 }).admin();
    try {
      await admin.connect();
      const existing = await describe(wanted.physical);
      if (!existing) await create(admin, wanted);
      const found = await persist(doing, connectTimeoutMs, () => settled(wanted));
      await check(admin, wanted, found);
      return { name, physical: wanted.physical, id: found.id, partitions: found.partitions.length };
    } catch (error) {
      throw classifyFailure(error, doing);
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }

  return {
    describe,
    get(name) {
      assertName('topic', name);
      const found = known.get(name) ?? ensure(name);
      known.set(name, found);
      found.catch(() => known.delete(name));
      return found;
    },
  };
}
