import type { TopicSettings } from '../event-log.ts';
import type { KafkaLogOptions } from './options.ts';

/** Bytes that Kafka may take in one batch of a topic that is created here. */
const messageBytesMax = 8 * 1024 * 1024;
const forEver = -1;

/** How a topic has to be. */
export interface WantedTopic {
  physical: string;
  partitions: number;
  replication: 'auto' | number;
  /** -1: for ever. */
  retentionMs: number;
  /** Per partition; -1: without limit. */
  retentionBytes: number;
  /** The largest batch that will be sent. */
  batchBytesMax: number;
}

/** How a topic is. */
export interface FoundTopic {
  partitions: number;
  /** Of the partition that has the fewest. */
  replicas: number;
  configs: ReadonlyMap<string, string>;
}

/** A difference, and how it can be mended. */
export interface TopicMismatch {
  setting: string;
  wanted: string;
  found: string;
  mend: string;
}

/** What the options ask of a topic. */
export function wantedTopic(
  name: string,
  options: KafkaLogOptions,
  settings: TopicSettings | undefined,
  recordBytesMax: number,
): WantedTopic {
  const isKept = settings?.isKept === true;
  return {
    physical: `${options.topicPrefix ?? 'michinori.'}${name}`,
    partitions: settings?.partitions ?? options.partitions ?? 16,
    replication: options.replication ?? 'auto',
    retentionMs: isKept ? forEver : (options.retentionAgeMsMax ?? forEver),
    retentionBytes: isKept ? forEver : (options.retentionBytesMax ?? forEver),
    batchBytesMax: recordBytesMax + 1024,
  };
}

/** The settings that a topic is created with in a cluster of so many brokers. */
export function creationOf(wanted: WantedTopic, brokers: number) {
  const replicas = wanted.replication === 'auto' ? Math.min(3, brokers) : wanted.replication;
  const configs: Record<string, string> = {
    'cleanup.policy': 'delete',
    'retention.ms': String(wanted.retentionMs),
    'retention.bytes': String(wanted.retentionBytes),
    'max.message.bytes': String(Math.max(messageBytesMax, wanted.batchBytesMax)),
    'message.timestamp.type': 'LogAppendTime',
    ...(replicas >= 3 ? { 'min.insync.replicas': '2' } : {}),
  };
  return {
    topic: wanted.physical,
    numPartitions: wanted.partitions,
    replicationFactor: replicas,
    configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
  };
}

/** What has to be changed before the topic can be used. A topic that keeps more, or longer, than asked for is fine. */
export function compareTopic(wanted: WantedTopic, found: FoundTopic): TopicMismatch[] {
  const { physical } = wanted;
  const tool = `--bootstrap-server HOST:PORT`;
  const configure = (setting: string, value: number | string) =>
    `kafka-configs.sh ${tool} --alter --entity-type topics --entity-name ${physical} --add-config ${setting}=${value}`;
  const config = (setting: string) => found.configs.get(setting);
  const number = (setting: string) => Number(config(setting) ?? Number.NaN);
  const mismatches: TopicMismatch[] = [];
  const expect = (isFine: boolean, mismatch: TopicMismatch) => {
    if (!isFine) mismatches.push(mismatch);
  };

  expect(found.partitions === wanted.partitions, {
    setting: 'partitions',
    wanted: String(wanted.partitions),
    found: String(found.partitions),
    mend: `set log.kafka.partitions to ${found.partitions}; or, if keys may change their partition and nothing is being consumed: kafka-topics.sh ${tool} --alter --topic ${physical} --partitions ${wanted.partitions}`,
  });
  expect(wanted.replication === 'auto' || found.replicas >= wanted.replication, {
    setting: 'replication factor',
    wanted: String(wanted.replication),
    found: String(found.replicas),
    mend: `kafka-reassign-partitions.sh ${tool} --execute with more replicas, or set log.kafka.replication to ${found.replicas}`,
  });
  expect(found.replicas < 3 || number('min.insync.replicas') >= 2, {
    setting: 'min.insync.replicas',
    wanted: '2',
    found: String(config('min.insync.replicas')),
    mend: configure('min.insync.replicas', 2),
  });
  expect(config('cleanup.policy') === 'delete', {
    setting: 'cleanup.policy',
    wanted: 'delete',
    found: String(config('cleanup.policy')),
    mend: configure('cleanup.policy', 'delete'),
  });
  for (const [setting, value] of [
    ['retention.ms', wanted.retentionMs],
    ['retention.bytes', wanted.retentionBytes],
  ] as const)
    expect(keepsEnough(number(setting), value), {
      setting,
      wanted: value === forEver ? '-1 (no limit)' : `at least ${value}`,
      found: String(config(setting)),
      mend: configure(setting, value),
    });
  expect(number('max.message.bytes') >= wanted.batchBytesMax, {
    setting: 'max.message.bytes',
    wanted: `at least ${wanted.batchBytesMax}`,
    found: String(config('max.message.bytes')),
    mend: configure('max.message.bytes', messageBytesMax),
  });
  return mismatches;
}

function keepsEnough(found: number, wanted: number): boolean {
  return found === forEver || (wanted !== forEver && found >= wanted);
}
