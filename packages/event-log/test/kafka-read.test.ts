import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { range, readAll, record, startRecorder, textOf, until } from '../../testing/src/event-log-harness.ts';
import { sharedKafka } from '../../testing/src/kafka.ts';
import { createPartitionReader } from '../src/kafka/partition-reader.ts';
import { batchesOf } from '../src/kafka/wire/decode-batch.ts';
import { encodeBatch } from '../src/kafka/wire/encode-batch.ts';
import type { FetchedPartition } from '../src/kafka/wire/fetch-request.ts';
import { asAdmin, openTestLog, topicEntries, uniqueName } from './kafka-helpers.ts';

const kafka = sharedKafka();
const unlimited = { recordsMax: 1_000_000, bytesMax: 1 << 30 };

for (const codec of ['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'])
  test(`records that the broker has packed with ${codec} are read byte for byte`, async (context) => {
    const server = kafka(context);
    const topic = uniqueName(codec);
    const configEntries = topicEntries({ 'compression.type': codec });
    await asAdmin(server, (admin) =>
      admin.createTopics({ topics: [{ topic: `michinori.${topic}`, numPartitions: 1, configEntries }] }),
    );
    const fetched: number[] = [];
    const log = await openTestLog(context, server, {
      partitions: 1,
      observe: (seen) => seen.what === 'fetched' && fetched.push(seen.bytes),
    });
    const repetitive = record('text', 'michinori '.repeat(30_000));
    const noise = {
      key: 'noise',
      value: Uint8Array.from({ length: 150_000 }, (_, at) => (at * at * 31 + (at >> 3)) % 256),
    };
    const many = range(0, 3000).map((at) => record(`key-${at % 7}`, `{"id":"${at}","touchpoint":"page.${at % 13}"}`));
    const given = [repetitive, noise, ...many, record('', '')];
    for (const at of [0, 1, 2]) await log.append(topic, given.slice(at * 1001, at === 2 ? undefined : (at + 1) * 1001));
    const found = await log.read(topic, 0, 0, unlimited);
    expect(found.map(({ key, value }) => [key, Buffer.from(value).toString('base64')])).toEqual(
      given.map(({ key, value }) => [key, Buffer.from(value).toString('base64')]),
    );
    const bytes = fetched.reduce((sum, size) => sum + size, 0);
    if (codec === 'uncompressed') expect(bytes).toBeGreaterThan(550_000);
    else expect(bytes).toBeLessThan(450_000);
  });

test('our own compression is what the broker stores', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('own');
  const log = await openTestLog(context, server, { compression: 'gzip' });
  await log.append(topic, [record('k', 'michinori '.repeat(10_000))]);
  const fetched: number[] = [];
  const reader = await openTestLog(context, server, {
    observe: (seen) => seen.what === 'fetched' && fetched.push(seen.bytes),
  });
  expect((await readAll(reader, topic)).flat().map(textOf)).toEqual(['michinori '.repeat(10_000)]);
  expect(Math.max(...fetched)).toBeLessThan(2000);
});

test('missing keys and values, keys that are not UTF-8, and headers of other producers do no harm', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('foreign');
  const log = await openTestLog(context, server, { partitions: 1 });
  await log.generation(topic);
  const producer = new Kafka({ ...server.client, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({
    topic: `michinori.${topic}`,
    messages: [
      { key: null, value: 'no key' },
      { key: 'tombstone', value: null },
      { key: Buffer.from([0x61, 0xff, 0xfe]), value: 'bytes' },
      { key: 'h', value: 'headers', headers: { __proto__: 'x', trace: ['1', '2'] } },
    ],
  });
  await producer.disconnect();
  const found = await log.read(topic, 0, 0, unlimited);
  expect(found.map((stored) => [stored.key, textOf(stored)])).toEqual([
    ['', 'no key'],
    ['tombstone', ''],
    ['a\ufffd\ufffd', 'bytes'],
    ['h', 'headers'],
  ]);
});

test('what was given up in a transaction is not delivered, markers are passed over, and the group still reaches the end', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('transactions');
  const physical = `michinori.${topic}`;
  const log = await openTestLog(context, server, { partitions: 1 });
  await log.append(topic, [record('a', 'first')]);
  const client = new Kafka({ ...server.client, logLevel: logLevel.NOTHING });
  const producer = client.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  for (const [text, end] of [
    ['given up', 'abort'],
    ['kept', 'commit'],
    ['given up too', 'abort'],
  ] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: physical, messages: [{ key: 'a', value: text, partition: 0 }] });
    await transaction[end]();
  }
  await producer.disconnect();
  // A transaction has ended before its marker is written.
  await asAdmin(server, async (admin) => {
    await until(async () => expect(await admin.fetchTopicOffsets(physical)).toMatchObject([{ offset: '7' }]));
  });
  await log.append(topic, [record('a', 'last')]);
  const recorder = await startRecorder(log, topic, {
    onBatch: ({ partition, nextOffset }) => recorder.consumption.commit(partition, nextOffset),
  });
  await until(() => expect(recorder.records().map(textOf)).toEqual(['first', 'kept', 'last']));
  expect((await log.read(topic, 0, 0, unlimited)).map(({ offset }) => offset)).toEqual([0, 3, 7]);
  await until(async () => expect(await log.lag('readers', topic)).toEqual([{ partition: 0, lag: 0 }]));
  expect(recorder.batches.map(({ firstOffset, nextOffset }) => [firstOffset, nextOffset])[0]?.[0]).toBe(0);
});

test('a batch with more records than are asked for is fetched once, not once per call', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('leftover');
  let fetches = 0;
  const log = await openTestLog(context, server, {
    partitions: 1,
    observe: (seen) => {
      if (seen.what === 'fetched') fetches += 1;
    },
  });
  await log.append(
    topic,
    range(0, 1000).map((at) => record('k', `${at}`)),
  );
  const recorder = await startRecorder(log, topic, { batchRecordsMax: 10 });
  await until(() => expect(recorder.records()).toHaveLength(1000));
  expect(recorder.batches).toHaveLength(100);
  expect(fetches).toBeLessThanOrEqual(2);
});

test('records before an unreadable batch are delivered, and then it stops for good', async () => {
  const whole = await encodeBatch(
    range(0, 5).map((at) => record('k', `${at}`)),
    1,
    'none',
  );
  const damaged = Buffer.from(whole);
  damaged.writeBigInt64BE(5n, 0);
  damaged[whole.length - 2] = (damaged[whole.length - 2] ?? 0) ^ 1;
  const reader = readerOf([Buffer.concat([whole, damaged])]);
  const { records, nextOffset } = await reader.next(unlimited);
  expect([records.map(textOf), nextOffset]).toEqual([['0', '1', '2', '3', '4'], 5]);
  for (const _ of [1, 2])
    await expect(reader.next(unlimited)).rejects.toMatchObject({
      code: 'batch_undecodable',
      message: expect.stringContaining('offset 5'),
    });
});

test('a reader that can make nothing of what was fetched says so instead of asking for ever', async () => {
  const whole = await encodeBatch([record('k', 'v')], 1, 'none');
  await expect(readerOf([whole.subarray(0, 65)]).next(unlimited)).rejects.toMatchObject({ code: 'batch_undecodable' });
});

test('offsets that compaction has removed are passed over, also at the end of a batch', async () => {
  const compacted = await withoutRecords(2);
  const reader = readerOf([compacted], 2);
  expect(await reader.next(unlimited)).toMatchObject({ records: [], nextOffset: 5 });
  const partly = readerOf([compacted]);
  expect(await partly.next({ recordsMax: 10, bytesMax: 1000 })).toMatchObject({
    nextOffset: 5,
    records: [{ offset: 0 }, { offset: 1 }],
  });
});

/** A batch of the offsets 0…4 of which only the first `count` are left. */
async function withoutRecords(count: number): Promise<Buffer> {
  const { crc32c } = await import('../src/kafka/wire/crc32c.ts');
  const batch = await encodeBatch(
    range(0, count).map((at) => record('k', `${at}`)),
    1,
    'none',
  );
  batch.writeInt32BE(4, 23);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  expect([...batchesOf(batch, 'place')][0]).toMatchObject({ firstOffset: 0, nextOffset: 5, count });
  return batch;
}

/** A reader to which a broker answers with these pieces, then with nothing. */
function readerOf(pieces: Buffer[], fromOffset = 0) {
  const waiting = [...pieces];
  const answer = (bytes: Buffer): FetchedPartition => ({
    ...{ topicId: 'id', partition: 0, errorCode: 0, readableBefore: 100, aborted: [], bytes },
  });
  const link = {
    leaders: async () => new Map([[0, 1]]),
    send: async () => ({ errorCode: 0, partitions: [answer(waiting.shift() ?? Buffer.alloc(0))] }),
  };
  const topic = { name: 'events', physical: 'events', id: 'id', partitions: 1 };
  return createPartitionReader({ link, topics: {} } as never, topic, 0, fromOffset);
}
