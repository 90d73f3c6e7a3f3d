import { ConfigResourceTypes } from 'kafkajs';
import { expect, test } from 'vitest';
import { expectCode, record } from '../../testing/src/event-log-harness.ts';
import { sharedKafka, startKafka } from '../../testing/src/kafka.ts';
import { sparingly } from '../src/kafka/client.ts';
import { compareTopic, creationOf, wantedTopic } from '../src/kafka/topic-rules.ts';
import { asAdmin, openTestLog, topicEntries, uniqueName } from './kafka-helpers.ts';

const kafka = sharedKafka();
const dayMs = 86_400_000;

test('a topic is created as the settings say, and kept ones for ever', async (context) => {
  const server = kafka(context);
  const [kept, used] = [uniqueName('kept'), uniqueName('used')];
  const options = {
    topics: { [kept]: { partitions: 1, isKept: true } },
    retentionAgeMsMax: dayMs,
    retentionBytesMax: 10_000_000,
  };
  const log = await openTestLog(context, server, options);
  const configs = () =>
    asAdmin(server, async (admin) => {
      const names = [`michinori.${kept}`, `michinori.${used}`];
      const { topics } = await admin.fetchTopicMetadata({ topics: names });
      const resources = names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name }));
      const described = await admin.describeConfigs({ includeSynonyms: false, resources });
      const valuesOf = (name: string) =>
        described.resources
          .find(({ resourceName }) => resourceName === name)
          ?.configEntries.map(({ configName, configValue }) => [configName, configValue] as const);
      return names.map((name) => ({
        partitions: topics.find((topic) => topic.name === name)?.partitions.length,
        ...Object.fromEntries(valuesOf(name) ?? []),
      }));
    });
  expect(await asAdmin(server, (admin) => admin.listTopics())).toContain(`michinori.${kept}`);
  expect(await log.positions(used)).toHaveLength(4);
  const common = {
    'cleanup.policy': 'delete',
    'max.message.bytes': '8388608',
    'message.timestamp.type': 'LogAppendTime',
  };
  const [first, second] = await configs();
  expect(first).toMatchObject({ ...common, partitions: 1, 'retention.ms': '-1', 'retention.bytes': '-1' });
  expect(second).toMatchObject({
    ...common,
    partitions: 4,
    'retention.ms': String(dayMs),
    'retention.bytes': '10000000',
  });
});

test('many may open a log at once: each topic is created once', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('race');
  const logs = await Promise.all(
    [1, 2, 3, 4].map(() => openTestLog(context, server, { topics: { [topic]: { partitions: 2 } } })),
  );
  const generations = await Promise.all(logs.map((log) => log.generation(topic)));
  expect(new Set(generations).size).toBe(1);
});

test('a topic that is different from what was asked for is refused with a sentence for each difference', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('different');
  const configEntries = topicEntries({
    'cleanup.policy': 'compact',
    'retention.ms': '1000',
    'max.message.bytes': '1000',
  });
  await asAdmin(server, (admin) =>
    admin.createTopics({ topics: [{ topic: `michinori.${topic}`, numPartitions: 3, configEntries }] }),
  );
  const log = await openTestLog(context, server, { retentionAgeMsMax: dayMs });
  const failure: Error = await log.append(topic, [record('k', 'v')]).then(
    () => expect.fail('appended'),
    (error) => error,
  );
  expect(failure).toMatchObject({ code: 'topic_mismatch', canRetry: false });
  for (const part of [
    `the topic michinori.${topic}`,
    'partitions is 3, wanted 4. To mend it: set log.kafka.partitions to 3',
    'cleanup.policy is compact, wanted delete',
    `--entity-name michinori.${topic} --add-config cleanup.policy=delete`,
    `retention.ms is 1000, wanted at least ${dayMs}`,
    'max.message.bytes is 1000, wanted at least 4195328',
  ])
    expect(failure.message).toContain(part);
  await expectCode(openTestLog(context, server, { topics: { [topic]: { partitions: 4 } } }), 'topic_mismatch');
});

test('a record beyond what the topic takes is refused by name, its neighbours in the same batch are stored', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('small');
  const log = await openTestLog(context, server, { recordBytesMax: 50_000, partitions: 1 });
  await log.generation(topic);
  await asAdmin(server, (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name: `michinori.${topic}`,
          configEntries: topicEntries({ 'max.message.bytes': '3000' }),
        },
      ],
    }),
  );
  const small = [1, 2, 3, 4].map((at) => log.append(topic, [record('k', `${at}`.repeat(2000))]));
  await expectCode(log.append(topic, [record('k', 'x'.repeat(5000))]), 'record_too_large');
  const offsets = (await Promise.all(small)).map(([position]) => position?.offset);
  expect(offsets).toEqual([0, 1, 2, 3]);
  await expectCode(log.append(topic, [record('k', 'x'.repeat(50_001))]), 'record_too_large');
});

test('with three brokers topics have three copies, and a broker may die without a loss', {
  timeout: 300_000,
}, async (context) => {
  const server = await startKafka(context, { controlled: true, brokers: 3 });
  const topic = uniqueName('replicated');
  const log = await openTestLog(context, server, { appendTimeoutMs: 60_000 });
  const before = await log.append(
    topic,
    [1, 2, 3, 4, 5, 6, 7, 8].map((at) => record(`k${at}`, `${at}`)),
  );
  const { topics } = await asAdmin(server, (admin) => admin.fetchTopicMetadata({ topics: [`michinori.${topic}`] }));
  expect(topics[0]?.partitions.every(({ replicas }) => replicas.length === 3)).toBe(true);
  const leader = topics[0]?.partitions[0]?.leader ?? 1;
  await server.nodes[leader - 1]?.kill();
  const after = await log.append(
    topic,
    [1, 2, 3, 4, 5, 6, 7, 8].map((at) => record(`k${at}`, `${at}`)),
  );
  expect(after).toHaveLength(8);
  for (const { partition, offset } of before)
    expect(await log.read(topic, partition, offset, { recordsMax: 1, bytesMax: 1 })).toHaveLength(1);
});

const wanted = wantedTopic('events', { brokers: [], retentionAgeMsMax: dayMs }, undefined, 4 << 20);
const fine = {
  partitions: 16,
  replicas: 3,
  configs: new Map(
    Object.entries({
      'cleanup.policy': 'delete',
      'retention.ms': String(dayMs),
      'retention.bytes': '-1',
      'max.message.bytes': '8388608',
      'min.insync.replicas': '2',
    }),
  ),
};
const settingsOf = (found: Partial<typeof fine>, configs: Record<string, string> = {}, of = wanted) =>
  compareTopic(of, { ...fine, ...found, configs: new Map([...fine.configs, ...Object.entries(configs)]) }).map(
    ({ setting }) => setting,
  );

test('a topic that keeps more or longer is fine, one that keeps less is not', () => {
  expect(settingsOf({})).toEqual([]);
  expect(settingsOf({}, { 'retention.ms': String(2 * dayMs) })).toEqual([]);
  expect(settingsOf({}, { 'retention.ms': '-1' })).toEqual([]);
  expect(settingsOf({}, { 'retention.ms': String(dayMs - 1) })).toEqual(['retention.ms']);
  expect(settingsOf({}, { 'retention.bytes': '1000000000' })).toEqual(['retention.bytes']);
  expect(settingsOf({}, { 'cleanup.policy': 'compact,delete' })).toEqual(['cleanup.policy']);
  expect(settingsOf({}, { 'max.message.bytes': '1048588' })).toEqual(['max.message.bytes']);
  expect(settingsOf({}, { 'min.insync.replicas': '1' })).toEqual(['min.insync.replicas']);
  expect(settingsOf({ replicas: 1 }, { 'min.insync.replicas': '1' })).toEqual([]);
  expect(settingsOf({ replicas: 2 }, {}, { ...wanted, replication: 3 })).toEqual(['replication factor']);
  expect(settingsOf({ partitions: 17 })).toEqual(['partitions']);
  const kept = wantedTopic(
    'definitions',
    { brokers: [], retentionAgeMsMax: dayMs },
    { partitions: 16, isKept: true },
    1000,
  );
  expect(settingsOf({}, {}, kept)).toEqual(['retention.ms']);
});

test('copies: one per broker and at most three, unless a number is given', () => {
  const copies = (brokers: number, replication: 'auto' | number = 'auto') => {
    const { replicationFactor, configEntries } = creationOf({ ...wanted, replication }, brokers);
    return [replicationFactor, configEntries.find(({ name }) => name === 'min.insync.replicas')?.value];
  };
  expect([copies(1), copies(2), copies(3), copies(9), copies(5, 4), copies(5, 1)]).toEqual([
    [1, undefined],
    [2, undefined],
    [3, '2'],
    [3, '2'],
    [4, '2'],
    [1, undefined],
  ]);
});

test('what kafkajs repeats is told every ten seconds, with the number of repetitions', () => {
  let nowMs = 0;
  const told: string[] = [];
  const log = sparingly(
    ({ message }) => told.push(message),
    () => nowMs,
  );
  for (nowMs = 0; nowMs < 21_000; nowMs += 1000) log({ level: 'error', message: 'refused' });
  log({ level: 'error', message: 'other' });
  expect(told).toEqual(['refused', 'refused (and 9 times more)', 'refused (and 9 times more)', 'other']);
});
