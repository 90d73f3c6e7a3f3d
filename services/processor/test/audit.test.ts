import { defineQuery, defineStatement } from '@michinori/clickhouse';
import { topics } from '@michinori/events';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import {
  append,
  buildProcessor,
  clickhouseOfFile,
  drain,
  expectConserved,
  logNameOf,
  temporaryLog,
  testMetrics,
  touchpoint,
  visible,
} from './world.ts';

const clickhouse = clickhouseOfFile();

const forget = defineStatement({
  name: 'test_forget',
  sql: 'DELETE FROM events WHERE log = {log:String} AND log_offset IN (SELECT arrayJoin({offsets:Array(UInt64)})) SETTINGS lightweight_deletes_sync = 2',
});
const forgetLetters = defineStatement({
  name: 'test_forget_letters',
  sql: 'DELETE FROM dead_letters WHERE log = {log:String} SETTINGS lightweight_deletes_sync = 2',
});
const unmark = defineStatement({
  name: 'test_unmark',
  sql: 'DELETE FROM superseded_events WHERE event_id = {id:String} SETTINGS lightweight_deletes_sync = 2',
});
const markOf = defineQuery({
  name: 'test_mark',
  sql: 'SELECT count() AS marks FROM superseded_events WHERE event_id = {id:String}',
  params: z.object({ id: z.string() }),
  row: z.object({ marks: z.coerce.number() }),
});

async function filledLog(context: Parameters<typeof temporaryLog>[0], count: number) {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const events = Array.from({ length: count }, () => touchpoint());
  await append(log, events);
  await drain({ log, clickhouse: shared });
  return { shared, log, events, name: await logNameOf(log) };
}

test('missing rows are found across slices, named, put back and read back', async (context) => {
  const { shared, log, name } = await filledLog(context, 25);
  await shared.command(forget, { log: name, offsets: [0, 7, 13, 24] });
  const metrics = testMetrics();
  const processor = buildProcessor({ log, clickhouse: shared, metrics, config: { auditSliceRecordsMax: 10 } });
  const missingPlaces = [0, 7, 13, 24].map((offset) => ({ topic: topics.events, partition: 0, offset }));
  expect(await processor.auditOnce({ repair: false })).toMatchObject({
    records: 25,
    missingEvents: 4,
    resunkEvents: 0,
    missingPlaces,
  });
  expect(await visible(shared, log)).toHaveLength(21);
  expect(await processor.auditOnce()).toMatchObject({ missingEvents: 4, resunkEvents: 4 });
  expect((await metrics.exposition()).text).toContain('michinori_audit_missing_events 4');
  expect(await visible(shared, log)).toHaveLength(25);
  expect(await processor.auditOnce()).toMatchObject({ missingEvents: 0, extraRows: 0, resunkEvents: 0 });
  expect((await metrics.exposition()).text).toContain('michinori_audit_missing_events 0');
});

test('a dead letter that went missing is found and put back', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await log.append(topics.events, [{ key: 'k', value: new Uint8Array([0xff]) }]);
  await drain({ log, clickhouse: shared });
  await shared.command(forgetLetters, { log: await logNameOf(log) });
  expect(await buildProcessor({ log, clickhouse: shared }).auditOnce()).toMatchObject({
    missingEvents: 1,
    resunkEvents: 1,
  });
  await expectConserved(log, shared);
});

test('a row whose copy elsewhere in the log is identical is not missing', async (context) => {
  const { shared, log, events, name } = await filledLog(context, 4);
  await append(
    log,
    events.map((event) => ({ ...event, receivedAtUs: event.receivedAtUs + 1 })),
  );
  await drain({ log, clickhouse: shared });
  await shared.command(forget, { log: name, offsets: [4, 5, 6, 7] });
  await expectConserved(log, shared);
});

test('records that are not committed yet are nobody’s loss', async (context) => {
  const { shared, log } = await filledLog(context, 3);
  await append(log, [touchpoint()]);
  expect(await buildProcessor({ log, clickhouse: shared }).auditOnce({ repair: false })).toMatchObject({
    records: 3,
    missingEvents: 0,
  });
});

test('rows behind the end of the log, on a partition that it lacks, or with other content are extra', async (context) => {
  const { shared, log, events, name } = await filledLog(context, 3);
  const columns = [
    'event_id',
    'content_hash',
    'customer',
    'occurred_at',
    'received_at',
    'log',
    'log_partition',
    'log_offset',
  ];
  const row = (partition: number, offset: number) => [
    `ghost-${name}-${partition}-${offset}`,
    '7',
    'nobody',
    1_700_000_000_000_000,
    1_700_000_000_000_000,
    name,
    partition,
    offset,
  ];
  await shared.insert({ table: 'events', columns, rows: [row(0, 3), row(0, 900), row(9, 0), row(0, 1)] });
  expect(await buildProcessor({ log, clickhouse: shared }).auditOnce({ repair: false })).toMatchObject({
    missingEvents: 0,
    extraRows: 4,
  });
  expect(events).toHaveLength(3);
});

test('rows of a log that exists no more are listed, not called extra', async (context) => {
  const former = await filledLog({ onTestFinished: (close) => context.onTestFinished(close) }, 2);
  const { shared, log } = await filledLog(context, 1);
  const report = await buildProcessor({ log, clickhouse: shared }).auditOnce({ repair: false });
  expect(report.extraRows).toBe(0);
  expect(report.formerLogs).toContainEqual({ log: former.name, rows: 2 });
});

test('two customers with one key are reported', async (context) => {
  const { shared, log, name } = await filledLog(context, 1);
  const columns = [
    'customer_key',
    'event_id',
    'content_hash',
    'customer',
    'occurred_at',
    'received_at',
    'log',
    'log_partition',
    'log_offset',
  ];
  const key = '18446744073709551615';
  const rows = ['a', 'b'].map((customer, index) => [
    key,
    `twin-${customer}`,
    String(index),
    customer,
    1_700_000_000_000_000,
    1,
    `former-${name}`,
    0,
    index,
  ]);
  await shared.insert({ table: 'events', columns, rows });
  const report = await buildProcessor({ log, clickhouse: shared }).auditOnce({ repair: false });
  expect(report.sharedCustomerKeys).toEqual([{ customerKey: key, customers: expect.arrayContaining(['a', 'b']) }]);
  await shared.command(forget, { log: `former-${name}`, offsets: [0, 1] });
});

test('a lost mark of a conflicting copy is set again, with the id it belongs to', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const winner = touchpoint();
  await append(log, [winner, { ...winner, touchpoint: 'other', receivedAtUs: winner.receivedAtUs + 1 }]);
  await drain({ log, clickhouse: shared });
  await shared.command(unmark, { id: winner.id });
  expect(await visible(shared, log)).toHaveLength(2);
  expect(await buildProcessor({ log, clickhouse: shared }).auditOnce()).toMatchObject({
    correctedMarks: 1,
    missingEvents: 0,
  });
  expect(await visible(shared, log)).toMatchObject([{ id: winner.id, touchpoint: winner.touchpoint }]);
  expect(await shared.queryOnWriter(markOf, { id: winner.id })).toEqual([{ marks: 1 }]);
});

test('the running auditor finds a loss by itself and mends it', async (context) => {
  const { shared, log, name } = await filledLog(context, 12);
  await shared.command(forget, { log: name, offsets: [3] });
  const metrics = testMetrics();
  const processor = buildProcessor({
    log,
    clickhouse: shared,
    metrics,
    config: { auditShareMax: 1, auditPauseMs: 5, auditSliceRecordsMax: 5 },
  });
  await processor.start();
  await vi.waitFor(
    async () => expect((await metrics.exposition()).text).toContain('michinori_audit_resunk_events_total 1'),
    { timeout: 20_000 },
  );
  await vi.waitFor(
    async () => expect((await metrics.exposition()).text).toContain('michinori_audit_missing_events 0'),
    { timeout: 20_000 },
  );
  await processor.stop();
  expect(await visible(shared, log)).toHaveLength(12);
});
