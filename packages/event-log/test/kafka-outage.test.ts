import { expect, test } from 'vitest';
import {
  keyPerPartition,
  range,
  readAll,
  record,
  startRecorder,
  textOf,
  until,
} from '../../testing/src/event-log-harness.ts';
import { startKafka } from '../../testing/src/kafka.ts';
import { type EventLog, isEventLogError, partitionOf } from '../src/index.ts';
import { openTestLog, uniqueName } from './kafka-helpers.ts';

const keys = keyPerPartition(partitionOf, 4);

/** Appends one record after the other from several writers until told to stop; keeps what was acknowledged. */
function startWriting(log: EventLog, topic: string, writers: number) {
  const acknowledged = new Map<string, { partition: number; offset: number }>();
  const refused: unknown[] = [];
  let isOver = false;
  const loops = range(0, writers).map(async (writer) => {
    for (let count = 0; !isOver; count += 1) {
      const text = `${writer}/${count}`;
      try {
        const [position] = await log.append(topic, [record(keys[count % 4] ?? '', text)]);
        if (position) acknowledged.set(text, position);
      } catch (error) {
        refused.push(error);
      }
    }
  });
  return {
    acknowledged,
    refused,
    async stop() {
      isOver = true;
      await Promise.all(loops);
    },
  };
}

async function expectStored(
  log: EventLog,
  topic: string,
  acknowledged: ReadonlyMap<string, { partition: number; offset: number }>,
) {
  const stored = await readAll(log, topic);
  for (const [text, { partition, offset }] of acknowledged)
    expect(textOf(stored[partition]?.find((found) => found.offset === offset) ?? record('', 'missing'))).toBe(text);
}

for (const how of ['stop', 'kill'] as const)
  test(`a broker that is restarted (${how}) under appends and consumption loses nothing, and positions stay right`, {
    timeout: 180_000,
  }, async (context) => {
    const server = await startKafka(context, { controlled: true });
    const topic = uniqueName('restarted');
    const log = await openTestLog(context, server, { appendTimeoutMs: 60_000 });
    const recorder = await startRecorder(log, topic, {
      onBatch: ({ partition, nextOffset }) =>
        recorder.consumption.commit(partition, nextOffset).catch((error) => {
          if (!isEventLogError(error, 'partition_revoked')) throw error;
        }),
    });
    await until(() => expect(recorder.assigned).toHaveLength(4));
    const writing = startWriting(log, topic, 8);
    await until(() => expect(writing.acknowledged.size).toBeGreaterThan(200));
    await server[how]();
    const before = writing.acknowledged.size;
    await server.restart();
    await until(() => expect(writing.acknowledged.size).toBeGreaterThan(before + 200));
    await writing.stop();
    expect(writing.refused).toEqual([]);
    await expectStored(log, topic, writing.acknowledged);
    await until(() => {
      const seen = new Set(recorder.records().map(textOf));
      expect([...writing.acknowledged.keys()].filter((text) => !seen.has(text))).toEqual([]);
    });
    await until(async () =>
      expect(await log.lag('readers', topic)).toEqual(range(0, 4).map((partition) => ({ partition, lag: 0 }))),
    );
    expect(recorder.fatal).toEqual([]);
    for (const partition of range(0, 4)) {
      const batches = recorder.batches.filter((batch) => batch.partition === partition);
      for (const [index, batch] of batches.entries())
        expect(batch.firstOffset).toBeLessThanOrEqual(batches[index - 1]?.nextOffset ?? batch.firstOffset);
    }
  });

test('an append says whether it may be stored: never sent, or sent to a broker that does not answer', {
  timeout: 120_000,
}, async (context) => {
  const server = await startKafka(context, { controlled: true });
  const topic = uniqueName('silent');
  const log = await openTestLog(context, server, { appendTimeoutMs: 3000 });
  await until(async () => expect(await log.append(topic, [record('k', 'first')])).toHaveLength(1));
  server.nodes[0]?.suspend();
  // It may still answer for a moment.
  const unknown = { code: 'append_outcome_unknown', canRetry: true };
  await until(() => expect(log.append(topic, [record('k', 'second')])).rejects.toMatchObject(unknown));
  server.nodes[0]?.resume();
  await until(async () => expect(await log.append(topic, [record('k', 'third')])).toHaveLength(1));
  const texts = (await readAll(log, topic)).flat().map(textOf);
  expect([texts[0], texts.at(-1)]).toEqual(['first', 'third']);
  expect(new Set(texts).size).toBeLessThanOrEqual(3);
  await server.stop();
  await expect(log.append(topic, [record('k', 'fourth')])).rejects.toMatchObject({
    code: expect.stringMatching(/^(log_unavailable|append_outcome_unknown)$/),
  });
  await expect(log.append(topic, [record('k', 'fifth')])).rejects.toMatchObject({ code: 'log_unavailable' });
  await server.restart();
  await until(async () => expect(await log.append(topic, [record('k', 'sixth')])).toHaveLength(1));
  expect((await readAll(log, topic)).flat().map(textOf)).not.toContain('fifth');
});

test('while the brokers are away a commit waits, reading refuses, and overload is told', {
  timeout: 120_000,
}, async (context) => {
  const server = await startKafka(context, { controlled: true });
  const topic = uniqueName('away');
  const log = await openTestLog(context, server, { pendingBytesMax: 2000, appendTimeoutMs: 120_000 });
  await log.append(
    topic,
    keys.map((key) => record(key, 'before')),
  );
  const recorder = await startRecorder(log, topic);
  await until(() => expect(recorder.batches).toHaveLength(4));
  await server.kill();
  let isCommitted = false;
  const commit = recorder.consumption.commit(0, 1).then(
    () => {
      isCommitted = true;
    },
    (error: unknown) => error,
  );
  const waiting = log.append(topic, [record('k', 'x'.repeat(1500))]);
  await expect(log.append(topic, [record('k', 'x'.repeat(1500))])).rejects.toMatchObject({ code: 'log_overloaded' });
  await expect(log.positions(topic)).rejects.toMatchObject({ code: 'log_unavailable', canRetry: true });
  expect(isCommitted).toBe(false);
  await server.restart();
  expect(await waiting).toHaveLength(1);
  const refusal = await commit;
  if (refusal !== undefined) expect(refusal).toMatchObject({ code: 'partition_revoked' });
  const committed = (await log.committed('readers', topic)).get(0);
  expect(committed).toBe(isCommitted ? 1 : undefined);
});

test('stopping and closing end soon although the brokers are away', { timeout: 120_000 }, async (context) => {
  const server = await startKafka(context, { controlled: true });
  const topic = uniqueName('gone');
  const log = await openTestLog(context, server, { appendTimeoutMs: 2000 });
  await log.append(topic, [record('k', 'v')]);
  const recorder = await startRecorder(log, topic, {
    onBatch: ({ partition, nextOffset }) => recorder.consumption.commit(partition, nextOffset),
  });
  await until(async () => expect((await log.committed('readers', topic)).size).toBe(1));
  await server.kill();
  const append = log.append(topic, [record('k', 'late')]).catch((error: { code: string }) => error.code);
  await recorder.consumption.stop();
  await log.close();
  expect(['log_unavailable', 'append_outcome_unknown']).toContain(await append);
});

test('brokers that are not there yet, and addresses that nobody has, are a matter of time', async (context) => {
  const began = Date.now();
  await expect(openTestLog(context, { brokers: ['127.0.0.1:1', '127.0.0.1:2'] })).rejects.toMatchObject({
    code: 'log_unavailable',
    canRetry: true,
    message: expect.stringContaining('127.0.0.1:1'),
  });
  expect(Date.now() - began).toBeLessThan(60_000);
});
