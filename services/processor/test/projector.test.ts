import { defineQuery, defineStatement } from '@michinori/clickhouse';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { projectorFaultPoints } from '../src/index.ts';
import { answering, apply, built, config, expectSameAsRebuilt, pathsOf, running, step } from './journeys.ts';
import {
  append,
  clickhouseOfFile,
  drain,
  receivedAtUs,
  runUntilCrash,
  settled,
  temporaryLog,
  testMetrics,
} from './world.ts';

const clickhouse = clickhouseOfFile();

test('events are in every journey when they are committed, and a rebuild changes nothing', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context, { partitions: 2 });
  await apply(log, 'simple');
  await apply(log, 'simple-accounts', { unit: 'account' });
  const metrics = testMetrics();
  const processor = await running(context, { log, clickhouse: shared, metrics });
  const derivation = await answering(shared, 'simple');
  const accounts = await answering(shared, 'simple-accounts');
  await append(log, [
    step('simple-1', 'opened', 1, { account: 'simple-acme' }),
    step('simple-2', 'used', 5),
    step('simple-1', 'used', 2),
  ]);
  await settled(log);
  await append(log, [step('simple-2', 'opened', 0), step('simple-3', 'bought', 9, { account: 'simple-acme' })]);
  await settled(log);
  expect(await pathsOf(shared, derivation, 'simple-')).toEqual([
    { unit: 'simple-1', path: ['opened', 'used'], visits: 2 },
    { unit: 'simple-2', path: ['opened', 'used'], visits: 2 },
    { unit: 'simple-3', path: ['bought'], visits: 1 },
  ]);
  expect(await pathsOf(shared, accounts, 'simple-')).toEqual([
    { unit: 'simple-acme', path: ['opened', 'used', 'bought'], visits: 3 },
  ]);
  expect(await processor.watermarkUs()).toBeGreaterThan(receivedAtUs);
  const { text } = await metrics.exposition();
  expect(text).toMatch(/michinori_projection_rounds_total{lane="main",outcome="ok"} [1-9]/);
  expect(text).toMatch(/michinori_builds_total{outcome="done"} [1-9]/);
  expect(text).toContain('michinori_end_to_end_delay_seconds_count 5');
  await processor.stop();
  await expectSameAsRebuilt(log, shared, ['simple', 'simple-accounts']);
});

test.each(projectorFaultPoints)('a projector that dies at %s leaves what the next one needs', async (point) => {
  const closers: (() => Promise<void>)[] = [];
  const shared = await clickhouse();
  const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
  const prefix = `dies-${point}-`;
  await apply(log, 'dies');
  const derivation = await built(log, shared, 'dies');
  await append(log, [step(`${prefix}1`, 'opened', 1), step(`${prefix}2`, 'opened', 1)]);
  await runUntilCrash({ log, clickhouse: shared, config: { ...config, hotEventsMin: 1, hotIntervalMsMax: 0 } }, point);
  expect((await log.lag('michinori-sink', 'events')).reduce((sum, { lag }) => sum + lag, 0)).toBe(2);
  await append(log, [step(`${prefix}1`, 'used', 2)]);
  await drain({ log, clickhouse: shared, config });
  expect(await pathsOf(shared, derivation, prefix)).toEqual([
    { unit: `${prefix}1`, path: ['opened', 'used'], visits: 2 },
    { unit: `${prefix}2`, path: ['opened'], visits: 1 },
  ]);
  for (const close of closers) await close();
});

test('a conflict concerns everybody who claims the id, also after a death between marking and projecting', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'claims');
  const lost = step('claims-1', 'opened', 5);
  await append(log, [lost, step('claims-1', 'used', 6)]);
  const derivation = await built(log, shared, 'claims');
  expect((await pathsOf(shared, derivation, 'claims-1'))[0]?.path).toEqual(['opened', 'used']);
  await append(log, [{ ...lost, customer: 'claims-2', receivedAtUs: lost.receivedAtUs - 1 }]);
  await runUntilCrash({ log, clickhouse: shared, config }, 'projector.after-mark');
  await drain({ log, clickhouse: shared, config });
  expect(await pathsOf(shared, derivation, 'claims-')).toEqual([
    { unit: 'claims-1', path: ['used'], visits: 1 },
    { unit: 'claims-2', path: ['opened'], visits: 1 },
  ]);
  const [loser] = await shared.queryOnWriter(markOf, { id: lost.id });
  expect(loser).toEqual({ isOfLoser: 1 });
});

const markOf = defineQuery({
  name: 'test_mark_of',
  sql: `SELECT DISTINCT customer_key = cityHash64('claims-1') AS isOfLoser FROM superseded_events WHERE event_id = {id:String}`,
  params: z.object({ id: z.string() }),
  row: z.object({ isOfLoser: z.number() }),
});

const forgetCustomers = defineStatement({
  name: 'test_forget_keys',
  sql: 'ALTER TABLE event_ids UPDATE customer_key = 0 WHERE 1 SETTINGS mutations_sync = 2',
});

test('a conflict with a copy whose announcement says nothing about its customer', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'unkeyed');
  const lost = step('unkeyed-1', 'opened', 5);
  await append(log, [lost]);
  const derivation = await built(log, shared, 'unkeyed');
  await shared.command(forgetCustomers);
  await append(log, [{ ...lost, customer: 'unkeyed-2', receivedAtUs: lost.receivedAtUs - 1 }]);
  await drain({ log, clickhouse: shared, config });
  expect(await pathsOf(shared, derivation, 'unkeyed-')).toEqual([
    { unit: 'unkeyed-1', path: [], visits: 0 },
    { unit: 'unkeyed-2', path: ['opened'], visits: 1 },
  ]);
});

const loseRows = defineStatement({
  name: 'test_lose_event',
  sql: 'ALTER TABLE events DELETE WHERE event_id = {id:String} SETTINGS mutations_sync = 2',
});

test('an event that the auditor puts back is in the journeys again', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'audited');
  const lost = step('audited-1', 'opened', 1);
  await append(log, [lost]);
  await built(log, shared, 'audited');
  await shared.command(loseRows, { id: lost.id });
  const processor = await running(context, { log, clickhouse: shared });
  await processor.rebuild('audited');
  expect(await pathsOf(shared, await answering(shared, 'audited'), 'audited-')).toEqual([]);
  await processor.auditOnce();
  expect(await pathsOf(shared, await answering(shared, 'audited'), 'audited-')).toHaveLength(1);
});
