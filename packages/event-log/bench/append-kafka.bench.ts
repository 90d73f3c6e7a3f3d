import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, test } from 'vitest';
import { sharedKafka } from '../../testing/src/kafka.ts';
import { partitionOf } from '../src/index.ts';
import { openKafkaLog } from '../src/kafka/index.ts';
import { measure, printRows, recordsOf, shapes } from './measure.ts';

const partitions = 16;
const kafka = sharedKafka({ jvm: 'throughput' });

afterAll(printRows);

test('warm up: the broker compiles its code while it works', { timeout: 600_000 }, async (context) => {
  const server = kafka(context);
  const log = await openKafkaLog({ brokers: server.brokers, partitions });
  const topic = `warm-${randomUUID()}`;
  for (let round = 0; round < 3000; round += 1) await log.append(topic, recordsOf(round, 1));
  for (let round = 0; round < 200; round += 1) await log.append(topic, recordsOf(round, 500));
  await log.close();
});

for (const { writers, batch } of shapes) {
  const label = `${writers}×${batch}`;

  for (const compression of ['none', 'gzip'] as const)
    test(`kafka log ${label}, compression ${compression}`, { timeout: 600_000 }, async (context) => {
      const server = kafka(context);
      const topic = `bench-${randomUUID()}`;
      const log = await openKafkaLog({ brokers: server.brokers, partitions, compression });
      await log.generation(topic);
      await measure(`kafka log ${compression}`, writers, batch, (first) => log.append(topic, recordsOf(first, batch)));
      await log.close();
    });

  test(`raw kafkajs: producer.send with acks = all, ${label}`, { timeout: 600_000 }, async (context) => {
    const server = kafka(context);
    const topic = `bench-${randomUUID()}`;
    const client = new Kafka({ ...server.client, logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await measure('raw kafkajs', writers, batch, (first) => {
      const messages = recordsOf(first, batch).map(({ key, value }) => ({
        ...{ key, value, partition: partitionOf(key, partitions) },
      }));
      return producer.send({ topic, messages, acks: -1 });
    });
    await producer.disconnect();
    await admin.disconnect();
  });
}

test('kafka log: reading 100 000 records in pieces of 5000', { timeout: 600_000 }, async (context) => {
  const server = kafka(context);
  const topic = `bench-${randomUUID()}`;
  const log = await openKafkaLog({ brokers: server.brokers, partitions: 1 });
  const total = 100_000;
  for (let first = 0; first < total; first += 5000) await log.append(topic, recordsOf(first, 5000));
  let next = 0;
  await measure('kafka log read', 1, 5000, async () => {
    const records = await log.read(topic, 0, next, { recordsMax: 5000, bytesMax: 4 << 20 });
    next = (next + records.length) % total;
  });
  await log.close();
});
