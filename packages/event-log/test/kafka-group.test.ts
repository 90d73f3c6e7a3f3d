import { expect, test } from 'vitest';
import {
  expectCode,
  keyPerPartition,
  manyRecords,
  range,
  record,
  startRecorder,
  textOf,
  until,
} from '../../testing/src/event-log-harness.ts';
import { sharedKafka } from '../../testing/src/kafka.ts';
import { partitionOf } from '../src/index.ts';
import { asAdmin, deleteRecordsBefore, heldHandler, openTestLog, topicEntries, uniqueName } from './kafka-helpers.ts';

const kafka = sharedKafka();
const keys = keyPerPartition(partitionOf, 4);

/** Two logs, as two processes would have them, and what their members of one group have to do with. */
async function twoMembers(context: Parameters<typeof openTestLog>[0] & { skip(note?: string): never }) {
  const server = kafka(context);
  const topic = uniqueName('shared');
  const [one, two] = [await openTestLog(context, server), await openTestLog(context, server)];
  await one.generation(topic);
  return { server, topic, one, two };
}

test('two members share the partitions; the one that keeps some is not disturbed in them', async (context) => {
  const { topic, one, two } = await twoMembers(context);

  const { onBatch, release } = heldHandler(context);
  const first = await startRecorder(one, topic, { onBatch });
  await one.append(
    topic,
    keys.map((key) => record(key, 'before')),
  );
  await until(() => expect(first.batches).toHaveLength(4));
  const second = await startRecorder(two, topic);
  await until(() => expect(second.assigned).toHaveLength(2));
  expect([...first.revoked].sort()).toEqual(second.assigned.map(({ partition }) => partition).sort());
  const kept = range(0, 4).filter((partition) => !first.revoked.includes(partition));
  release();
  await one.append(
    topic,
    keys.map((key) => record(key, 'after')),
  );
  const after = () =>
    [first, second].map(({ batches }) =>
      batches
        .filter(({ records }) => records.some((stored) => textOf(stored) === 'after'))
        .map(({ partition }) => partition)
        .sort(),
    );
  await until(() => expect(after()).toEqual([kept, [...first.revoked].sort()]));
  expect(first.assigned).toHaveLength(4);
});

test('an owner of the past can neither commit nor get a further batch, and the heir begins at what was committed', async (context) => {
  const { topic, one, two } = await twoMembers(context);

  await one.append(
    topic,
    range(0, 40).map((at) => record(keys[at % 4] ?? '', `${at}`)),
  );
  const { onBatch, release } = heldHandler(context);
  const first = await startRecorder(one, topic, { batchRecordsMax: 5, onBatch });
  await until(() => expect(first.batches).toHaveLength(4));
  await Promise.all(range(0, 4).map((partition) => first.consumption.commit(partition, 3)));
  const second = await startRecorder(two, topic);
  await until(() => expect(first.revoked).toHaveLength(2));
  const [gone = -1] = first.revoked;
  await expectCode(first.consumption.commit(gone, 5), 'partition_revoked');
  release();
  await until(() => expect(second.records().filter(({ partition }) => partition === gone)).toHaveLength(7));
  expect(second.assigned.every(({ committed }) => committed === 3)).toBe(true);
  expect(first.batches.filter(({ partition }) => partition === gone)).toHaveLength(1);
  expect((await two.committed('readers', topic)).get(gone)).toBe(3);
});

test('a commit that waits while its partition moves away is refused', async (context) => {
  const { topic, one, two } = await twoMembers(context);
  const first = await startRecorder(one, topic, {
    onBatch: ({ partition, nextOffset }) => first.consumption.commit(partition, nextOffset),
  });
  await until(() => expect(first.assigned).toHaveLength(4));
  let count = 0;
  const codes = new Set<string>();
  const second = await startRecorder(two, topic);
  while (second.assigned.length < 2) {
    await one.append(
      topic,
      keys.map((key) => record(key, `${count}`)),
    );
    count += 1;
    for (const { partition, nextOffset } of first.batches.slice(-4))
      await first.consumption.commit(partition, nextOffset).catch((error: { code: string }) => codes.add(error.code));
  }
  expect([...codes].every((code) => ['partition_revoked', 'commit_out_of_range'].includes(code))).toBe(true);
  const stored = await one.committed('readers', topic);
  const ends = await one.positions(topic);
  for (const [partition, offset] of stored) expect(offset).toBeLessThanOrEqual(ends[partition]?.next ?? -1);
});

test('when a member stops the other takes everything over, and nothing is lost or out of order', async (context) => {
  const { topic, one, two } = await twoMembers(context);
  const commitAll = (recorder: () => Awaited<ReturnType<typeof startRecorder>>) => ({
    batchRecordsMax: 7,
    onBatch: ({ partition, nextOffset }: { partition: number; nextOffset: number }) =>
      recorder().consumption.commit(partition, nextOffset),
  });
  const first: Awaited<ReturnType<typeof startRecorder>> = await startRecorder(
    one,
    topic,
    commitAll(() => first),
  );
  const second: Awaited<ReturnType<typeof startRecorder>> = await startRecorder(
    two,
    topic,
    commitAll(() => second),
  );
  await until(() => expect([first.assigned.length >= 2, second.assigned.length >= 2]).toEqual([true, true]));
  const texts = () => new Set([...first.records(), ...second.records()].map(textOf));
  for (const round of range(0, 5)) await one.append(topic, manyRecords(100, `early-${round}`));
  await first.consumption.stop();
  for (const round of range(0, 5)) await two.append(topic, manyRecords(100, `late-${round}`));
  await until(() => expect(texts().size).toBe(1000));
  for (const recorder of [first, second])
    for (const partition of range(0, 4)) {
      const offsets = recorder
        .records()
        .filter((stored) => stored.partition === partition)
        .map(({ offset }) => offset);
      expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
    }
  await until(async () =>
    expect(await two.lag('readers', topic)).toEqual(range(0, 4).map((partition) => ({ partition, lag: 0 }))),
  );
});

test('records that are deleted while a partition is being read stop that partition only, and nothing is committed', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('deleted');
  const log = await openTestLog(context, server);
  await log.append(
    topic,
    range(0, 40).map((at) => record(keys[at % 4] ?? '', `${at}`)),
  );

  const { onBatch, release } = heldHandler(context);
  const recorder = await startRecorder(log, topic, { batchRecordsMax: 10, onBatch });
  await until(() => expect(recorder.batches).toHaveLength(4));
  await log.append(
    topic,
    range(0, 40).map((at) => record(keys[at % 4] ?? '', `${at}`)),
  );
  await deleteRecordsBefore(server, `michinori.${topic}`, 2, 15);
  release();
  await until(() => expect(recorder.fatal).toHaveLength(1));
  expect(recorder.fatal[0]).toMatchObject({
    code: 'offset_out_of_range',
    message: expect.stringMatching(/\/2 holds the offsets 15 to 19, not 10/),
  });
  await until(() => expect(recorder.records()).toHaveLength(70));
  expect(recorder.revoked).toEqual([2]);
  expect(await log.committed('readers', topic)).toEqual(new Map());
});

test('an offset that an operator has set counts; one of a former incarnation of the topic does not', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('reset');
  const physical = `michinori.${topic}`;
  const log = await openTestLog(context, server, { partitions: 1 });
  await log.append(
    topic,
    range(0, 5).map((at) => record('k', `${at}`)),
  );
  const groupId = `readers.${topic}`;
  await asAdmin(server, (admin) =>
    admin.setOffsets({ groupId, topic: physical, partitions: [{ partition: 0, offset: '3' }] }),
  );
  expect(await log.committed('readers', topic)).toEqual(new Map([[0, 3]]));
  const recorder = await startRecorder(log, topic, {
    onBatch: ({ partition, nextOffset }) => recorder.consumption.commit(partition, nextOffset),
  });
  await until(async () => expect(await log.committed('readers', topic)).toEqual(new Map([[0, 5]])));
  expect(recorder.records().map(textOf)).toEqual(['3', '4']);
  const committed = await asAdmin(server, (admin) => admin.fetchOffsets({ groupId, topics: [physical] }));
  expect(committed[0]?.partitions[0]?.metadata).toBe(await log.generation(topic));
  await recorder.consumption.stop();
  await recreate(server, physical);
  const reopened = await openTestLog(context, server, { partitions: 1 });
  await asAdmin(server, (admin) =>
    admin.setOffsets({ groupId, topic: physical, partitions: [{ partition: 0, offset: '0' }] }),
  );
  expect(await reopened.committed('readers', topic)).toEqual(new Map([[0, 0]]));
  expect(await reopened.generation(topic)).not.toBe(recorder.batches[0]?.generation);
});

test('a topic that is created again under a running consumption stops it with an explanation', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('recreated');
  const log = await openTestLog(context, server, { partitions: 1 });
  await log.append(
    topic,
    range(0, 5).map((at) => record('k', `old-${at}`)),
  );
  const recorder = await startRecorder(log, topic);
  await until(() => expect(recorder.records()).toHaveLength(5));
  const generation = await log.generation(topic);
  await recreate(server, `michinori.${topic}`);
  const other = await openTestLog(context, server, { partitions: 1 });
  await other.append(
    topic,
    range(0, 9).map((at) => record('k', `new-${at}`)),
  );
  await until(() => expect(recorder.fatal).toHaveLength(1));
  expect(recorder.fatal[0]).toMatchObject({ code: 'topic_recreated', message: expect.stringContaining(generation) });
  expect(recorder.records().map(textOf)).toEqual(range(0, 5).map((at) => `old-${at}`));
  await expectCode(log.read(topic, 0, 5, { recordsMax: 1, bytesMax: 1 }), 'topic_recreated');
  expect(await log.generation(topic)).toBe(await other.generation(topic));
});

test('a stuck handler bounds what is fetched, however much waits', async (context) => {
  const server = kafka(context);
  const topic = uniqueName('stuck');
  let bytes = 0;
  const log = await openTestLog(context, server, {
    observe: (seen) => {
      if (seen.what === 'fetched') bytes += seen.bytes;
    },
  });
  const value = Buffer.alloc(100, 'x');
  for (const round of range(0, 10))
    await log.append(
      topic,
      range(0, 10_000).map((at) => ({ key: `${round}/${at}`, value })),
    );

  const batchBytesMax = 256 * 1024;
  const { onBatch, release } = heldHandler(context);
  const stuck = await startRecorder(log, topic, { batchRecordsMax: 500, batchBytesMax, onBatch });
  await until(() => expect(stuck.batches).toHaveLength(4));
  expect(bytes).toBeLessThanOrEqual(4 * (1 << 20) * 1.1);
  const before = bytes;
  await log.append(
    topic,
    keys.map((key) => record(key, 'more')),
  );
  const groups = await asAdmin(server, (admin) => admin.describeGroups([`readers.${topic}`]));
  expect(groups.groups[0]?.members).toHaveLength(1);
  expect(bytes).toBe(before);
  release();
  await until(() => expect(stuck.records()).toHaveLength(100_004));
});

async function recreate(server: Parameters<typeof asAdmin>[0], physical: string): Promise<void> {
  await asAdmin(server, async (admin) => {
    await admin.deleteTopics({ topics: [physical] });
    await until(async () => expect(await admin.listTopics()).not.toContain(physical));
    const topics = [{ topic: physical, numPartitions: 1, configEntries: topicEntries() }];
    expect(await admin.createTopics({ waitForLeaders: false, topics })).toBe(true);
    await until(async () => expect(await admin.listTopics()).toContain(physical));
  });
}
