import { openKafkaLog } from '@michinori/event-log/kafka';
import { topics } from '@michinori/events';
import { expect, test, vi } from 'vitest';
import { append, expectConserved, logNameOf, touchpoint, visible } from '../world.ts';
import { startChild } from './child.ts';
import { asAdmin, caughtUp, deploymentsOfFile, group, longPatience, storedRows } from './deployment.ts';

const deploy = deploymentsOfFile({ controlled: true });
const small = { batchRecordsMax: 10 };
const mebibyte = 1024 * 1024;

test('brokers that die in the middle of a sink: the processor goes on by itself when they are back', async (context) => {
  const { kafka, log, clickhouse, start } = await deploy(context, { partitions: 2 });
  const events = Array.from({ length: 100 }, () => touchpoint());
  await append(log, events.slice(0, 60));
  let isDown: Promise<void> | undefined;
  let inserts = 0;
  const member = await start({
    config: small,
    faults: {
      async at(point) {
        if (point === 'sink.after-insert') inserts += 1;
        if (inserts === 3) isDown ??= kafka.kill();
        if (isDown !== undefined && inserts <= 4) await isDown;
      },
    },
  });
  await vi.waitFor(() => expect(isDown).toBeDefined(), longPatience);
  await isDown;
  await kafka.restart();
  await append(log, events.slice(60));
  await caughtUp(log);
  expect(member.fatal).toEqual([]);
  expect(member.processor.checks[0]?.check()).toEqual({ ok: true });
  await member.stop();
  const seen = await visible(clickhouse, log);
  expect(seen.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
  await expectConserved(log, clickhouse);
}, 180_000);

test('records that were dropped before they were read: their partition stops and says so, nothing is skipped, until an operator decides', async (context) => {
  const { kafka, logOptions, log, clickhouse, start } = await deploy(context, { partitions: 2 });
  const topic = `${logOptions.topicPrefix}${topics.events}`;
  const many = (count: number) => Array.from({ length: count }, (_, n) => touchpoint({ customer: `dropped-${n}` }));
  const first = await start({ config: small });
  await append(log, many(40));
  await caughtUp(log);
  await first.stop();
  const before = await log.committed(group, topics.events);
  await append(log, many(40));
  const earliest = (before.get(0) ?? 0) + 5;
  await asAdmin(kafka, (admin) =>
    admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(earliest) }] }),
  );
  const stuckAtUs = (await log.read(topics.events, 0, earliest, { recordsMax: 1, bytesMax: 1 }))[0]?.appendedAtUs ?? 0;

  const stuck = await start({ config: small });
  const ends = new Map((await log.positions(topics.events)).map(({ partition, next }) => [partition, next]));
  await vi.waitFor(
    async () => expect((await log.committed(group, topics.events)).get(1)).toBe(ends.get(1)),
    longPatience,
  );
  await vi.waitFor(() => expect(stuck.processor.checks[0]?.check()).toMatchObject({ ok: false }), longPatience);
  const said = stuck.processor.checks[0]?.check();
  expect(said).toMatchObject({ reason: expect.stringContaining(`${topics.events}/0`) });
  expect(said).toMatchObject({ reason: expect.stringContaining(String(before.get(0))) });
  expect(stuck.fatal).toEqual([]);
  await append(log, many(40));
  await vi.waitFor(
    async () => expect((await log.lag(group, topics.events)).find(({ partition }) => partition === 1)?.lag).toBe(0),
    longPatience,
  );
  expect((await log.committed(group, topics.events)).get(0)).toBe(before.get(0));
  expect(await stuck.processor.watermarkUs()).toBeLessThanOrEqual(stuckAtUs);
  await stuck.stop();

  await asAdmin(kafka, (admin) =>
    admin.setOffsets({
      ...{ groupId: `${group}.${topics.events}`, topic },
      partitions: [{ partition: 0, offset: String(earliest) }],
    }),
  );
  const mended = await start({ config: small });
  await caughtUp(log);
  expect(mended.processor.checks[0]?.check()).toEqual({ ok: true });
  await mended.stop();
  expect(await visible(clickhouse, log)).toHaveLength(120 - 5);
  await expectConserved(log, clickhouse);
}, 180_000);

test('a topic that is made anew is another log: it is read from its beginning, and nothing of it is taken for known', async (context) => {
  const { kafka, logOptions, log, clickhouse, start } = await deploy(context, { partitions: 1 });
  const topic = `${logOptions.topicPrefix}${topics.events}`;
  const former = Array.from({ length: 20 }, () => touchpoint());
  const running = await start({ config: small });
  await append(log, former);
  await caughtUp(log);
  const formerName = await logNameOf(log);
  await asAdmin(kafka, (admin) => admin.deleteTopics({ topics: [topic] }));
  const again = await vi.waitFor(() => openKafkaLog(logOptions), longPatience);
  context.onTestFinished(() => again.close());
  const later = Array.from({ length: 30 }, () => touchpoint());
  await append(again, later);
  await vi.waitFor(() => expect(running.fatal).toMatchObject([{ code: 'topic_recreated' }]), longPatience);
  await running.stop();

  const next = await start({ config: small });
  await caughtUp(again);
  expect((await visible(clickhouse, again)).map(({ id }) => id).sort()).toEqual(later.map(({ id }) => id).sort());
  expect((await next.processor.auditOnce({ repair: false })).formerLogs).toContainEqual({ log: formerName, rows: 20 });
  await next.stop();
  await expectConserved(again, clickhouse);
}, 180_000);

test('ClickHouse away while records pile up: memory stays bounded, nobody loses a partition, and then everything is there', async (context) => {
  const records = 100_000 * Math.max(1, Number(process.env.MICHINORI_TEST_RUNS ?? 1));
  const deployment = await deploy(context, { partitions: 4 });
  const { server, log, clickhouse } = deployment;
  const config = {
    ...{ batchRecordsMax: 10_000, batchBytesMax: 4 * mebibyte, sinkBatchesMax: 2 },
    ...{ retryDelayMsMin: 1, retryDelayMsMax: 50 },
  };
  await append(log, [touchpoint()]);
  const child = startChild(context, deployment, { config });
  await caughtUp(log);
  const heldBefore = await child.heldBytes();
  const { assignments } = child.report();
  await server.stop();
  let most = 0;
  const text = 'x'.repeat(800);
  for (let sent = 0; sent < records; sent += 2_000) {
    const chunk = Array.from({ length: 2_000 }, (_, n) =>
      touchpoint({ customer: `piled-${(sent + n) % 5_000}`, properties: new Map([['page', text]]) }),
    );
    await append(log, chunk);
    if (sent % 20_000 === 0) most = Math.max(most, await child.heldBytes());
  }
  const attempts = child.report().points['sink.after-fetch'] ?? 0;
  await vi.waitFor(
    () => expect(child.report().points['sink.after-fetch'] ?? 0).toBeGreaterThan(attempts + 100),
    longPatience,
  );
  most = Math.max(most, await child.heldBytes());
  // 115 MB of records are waiting. Four partitions may hold a batch of 4 MiB each, and the fetch of at most 8 MiB that it came with.
  expect(child.report().fetchedBytes).toBeGreaterThan(0);
  expect(child.report().fetchedBytes).toBeLessThan(40 * mebibyte);
  expect(most - heldBefore).toBeLessThan(60 * mebibyte);
  await server.restart();
  await caughtUp(log, { patience: { timeout: 300_000, interval: 200 } });
  expect(child.report().assignments).toEqual(assignments);
  await child.stop();
  expect((await storedRows(clickhouse)).places).toBe(records + 1);
  await expectConserved(log, clickhouse);
}, 600_000);
