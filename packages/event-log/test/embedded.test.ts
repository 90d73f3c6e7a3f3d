import { join } from 'node:path';
import { open } from 'lmdb';
import { describe, expect, test } from 'vitest';
import { range, record, startRecorder, textOf, until } from '../../testing/src/event-log-harness.ts';
import { type EmbeddedLogOptions, openEmbeddedLog } from '../src/embedded/index.ts';
import { encodeBlockKey } from '../src/embedded/layout.ts';
import { temporaryFolder, temporaryLog } from './helpers.ts';

const unlimited = { recordsMax: 1_000_000, bytesMax: 1 << 30 };

describe('embedded log', () => {
  test('appendedAtUs does not go back with the clock, nor after reopening', async (context) => {
    const path = await temporaryFolder(context);
    const times = [500, 900, 300, 100, 950];
    let nowUs = 0;
    for (const time of times) {
      nowUs = time;
      const log = await openEmbeddedLog({ path, partitions: 1, nowUs: () => nowUs });
      await log.append('events', [record('k', `${time}`)]);
      nowUs = time - 50;
      await log.append('events', [record('k', 'second')]);
      await log.close();
    }
    const log = await temporaryLog(context, { path, partitions: 1 });
    const stored = await log.read('events', 0, 0, unlimited);
    expect(stored.map(({ appendedAtUs }) => appendedAtUs)).toEqual([500, 500, 900, 900, 900, 900, 900, 900, 950, 950]);
  });

  test('a group that never committed holds records back, also after reopening', async (context) => {
    const path = await temporaryFolder(context);
    const options = { path, partitions: 1, retention: { bytesMax: 1 } };
    const log = await temporaryLog(context, options);
    for (const index of range(0, 4)) await log.append('events', [record('k', `${index}`)]);
    for (const group of ['silent', 'eager']) {
      const { consumption, records } = await startRecorder(log, 'events', { group });
      await until(() => expect(records()).toHaveLength(4));
      if (group === 'eager') await consumption.commit(0, 4);
    }
    await log.close();
    const again = await temporaryLog(context, options);
    expect(await again.trim()).toBe(0);
    expect(await again.read('events', 0, 0, unlimited)).toHaveLength(4);
    await again.forgetGroup('silent', 'events');
    await again.trim();
    expect((await again.positions('events'))[0]).toEqual({ partition: 0, earliest: 3, next: 4 });
  });

  test('a forgotten group is forgotten for good: it begins anew after reopening', async (context) => {
    const path = await temporaryFolder(context);
    const log = await temporaryLog(context, { path, partitions: 1 });
    await log.append('events', [record('k', 'a')]);
    const { consumption, records } = await startRecorder(log, 'events');
    await until(() => expect(records()).toHaveLength(1));
    await consumption.commit(0, 1);
    await consumption.stop();
    await log.forgetGroup('readers', 'events');
    expect(await log.committed('readers', 'events')).toEqual(new Map());
    await log.close();
    const again = await startRecorder(await temporaryLog(context, { path, partitions: 1 }), 'events');
    await until(() => expect(again.records().map(textOf)).toEqual(['a']));
  });

  test('a new folder is a new generation', async (context) => {
    const [one, two] = [await temporaryLog(context), await temporaryLog(context)];
    expect(await one.generation('events')).not.toBe(await two.generation('events'));
    expect(await one.generation('events')).toBe(await one.generation('events'));
  });

  test('one topic that many ask for at once is created once', async (context) => {
    const log = await temporaryLog(context);
    const generations = await Promise.all(range(0, 20).map(() => log.generation('events')));
    expect(new Set(generations).size).toBe(1);
  });

  test('a topic with settings of its own has its own partitions, for ever', async (context) => {
    const path = await temporaryFolder(context);
    const topics = { one: { partitions: 1 } };
    const partitionsOf = async (options: Partial<EmbeddedLogOptions>): Promise<number[]> => {
      const log = await openEmbeddedLog({ path, partitions: 4, ...options });
      const counts = [await log.positions('one'), await log.positions('events')].map(({ length }) => length);
      await log.close();
      return counts;
    };
    expect(await partitionsOf({ topics })).toEqual([1, 4]);
    expect(await partitionsOf({})).toEqual([1, 4]);
    const refused = { name: 'EventLogError', code: 'log_incompatible' };
    for (const wrong of [
      { topics: { one: { partitions: 2 } } },
      { topics: { events: { partitions: 1 } } },
      { partitions: 3 },
    ])
      await expect(partitionsOf(wrong)).rejects.toMatchObject(refused);
    expect(await partitionsOf({ topics })).toEqual([1, 4]);
    await expect(partitionsOf({ topics: { two: { partitions: 0 } } })).rejects.toThrow(RangeError);
  });

  test('a topic that existed with the usual partitions can be kept from now on', async (context) => {
    const path = await temporaryFolder(context);
    const options = { path, partitions: 1, retention: { bytesMax: 1 } };
    const log = await temporaryLog(context, options);
    for (const index of range(0, 3)) await log.append('events', [record('k', `${index}`)]);
    await log.close();
    const again = await temporaryLog(context, { ...options, topics: { events: { partitions: 1, isKept: true } } });
    const { consumption, records } = await startRecorder(again, 'events');
    await until(() => expect(records()).toHaveLength(3));
    await consumption.commit(0, 3);
    await again.trim();
    expect(await again.positions('events')).toEqual([{ partition: 0, earliest: 0, next: 3 }]);
  });

  test('a folder of a newer format is refused', async (context) => {
    const path = await temporaryFolder(context);
    await (await openEmbeddedLog({ path, partitions: 1 })).close();
    const root = open({ path: join(path, 'log.lmdb'), overlappingSync: false, maxDbs: 4 });
    await root.openDB('meta', { encoding: 'json' }).put(['format'], 99);
    await root.close();
    await expect(openEmbeddedLog({ path, partitions: 1 })).rejects.toMatchObject({ code: 'log_incompatible' });
  });

  test('a block that vanished is an error for readers and consumers, never a gap', async (context) => {
    const path = await temporaryFolder(context);
    const log = await openEmbeddedLog({ path, partitions: 1 });
    for (const index of range(0, 5)) await log.append('events', [record('k', `${index}`)]);
    await log.close();
    const root = open({ path: join(path, 'log.lmdb'), overlappingSync: false, maxDbs: 4 });
    const records = root.openDB<Buffer, Buffer>('records', { encoding: 'binary', keyEncoding: 'binary' });
    await records.remove(encodeBlockKey({ topicId: 1, partition: 0, firstOffset: 2 }));
    await root.close();
    const damaged = await temporaryLog(context, { path, partitions: 1 });
    for (const from of [0, 2]) {
      const answer = damaged.read('events', 0, from, unlimited);
      await expect(answer).rejects.toMatchObject({ code: 'log_corrupt' });
    }
    const recorder = await startRecorder(damaged, 'events');
    await until(() => expect(recorder.fatal).toHaveLength(1));
    expect(recorder.fatal[0]).toMatchObject({ code: 'log_corrupt' });
    expect(recorder.records()).toEqual([]);
  });
});
