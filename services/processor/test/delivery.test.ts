import { type ClickHouse, ClickHouseError, defineStatement, type InsertBatch } from '@michinori/clickhouse';
import { contentHash, encodeRejected, type TouchpointEvent, topics } from '@michinori/events';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { storedEvent } from './stored-event.ts';
import {
  append,
  buildProcessor,
  clickhouseOfFile,
  drain,
  expectConserved,
  letters,
  runUntilCrash,
  settled,
  temporaryLog,
  testMetrics,
  touchpoint,
  visible,
} from './world.ts';

const clickhouse = clickhouseOfFile();
const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 3);

/** A ClickHouse whose inserts can be tampered with: `before` may throw, or answer 'lose' for a success without rows. */
function tampered(inner: ClickHouse, before: (batch: InsertBatch) => 'lose' | undefined): ClickHouse {
  return {
    ...inner,
    async insert(batch) {
      if (before(batch) !== 'lose') await inner.insert(batch);
    },
  };
}

const patience = { timeout: 90_000, interval: 20 };

const many = (count: number, fields: Partial<TouchpointEvent> = {}) =>
  Array.from({ length: count }, () => touchpoint(fields));
const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id).sort();
const mergeEvents = defineStatement({ name: 'test_merge', sql: 'OPTIMIZE TABLE events FINAL' });

test('duplicated, permuted and re-batched delivery gives the same set of rows', async () => {
  const shared = await clickhouse();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 1, max: 25 }),
      async (keys, batchRecordsMax) => {
        const closers: (() => Promise<void>)[] = [];
        const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) }, { partitions: 3 });
        const events = many(20);
        const deliveries = [0, 1, 2].flatMap((late) =>
          events.map((event) => ({ ...event, receivedAtUs: event.receivedAtUs + late * 60_000_000 })),
        );
        const permuted = deliveries
          .map((event, index) => ({ event, key: keys[index] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event);
        for (let start = 0; start < permuted.length; start += 7) await append(log, permuted.slice(start, start + 7));
        await drain({ log, clickhouse: shared, config: { batchRecordsMax } });
        const expected = events.map((event) => ({ id: event.id, contentHash: contentHash(event).toString() }));
        const rows = await visible(shared, log);
        expect(rows.map(({ id, contentHash: hash }) => ({ id, contentHash: hash }))).toEqual(
          expected.sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
        await expectConserved(log, shared);
        for (const close of closers) await close();
      },
    ),
    { numRuns },
  );
});

test('a row that a merge took away in favour of an identical copy counts as there', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const events = many(6);
  await append(log, events);
  await drain({ log, clickhouse: shared });
  await append(
    log,
    events.map((event) => ({ ...event, receivedAtUs: event.receivedAtUs + 1 })),
  );
  const metrics = testMetrics();
  const mergeAtOnce = {
    at: (point: string) => (point === 'sink.after-insert' ? shared.command(mergeEvents) : undefined),
  };
  await drain({ log, clickhouse: shared, metrics, faults: mergeAtOnce });
  expect((await visible(shared, log)).map(({ id, copies }) => [id, copies])).toEqual(
    idsOf(events).map((id) => [id, 1]),
  );
  expect((await metrics.exposition()).text).toContain('michinori_sink_repaired_rows_total 0');
  await drain({ log, clickhouse: shared, config: { group: 'from-the-start' } });
  await expectConserved(log, shared);
});

test('two workers that both believe they own every partition do no harm', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context, { partitions: 2 });
  const events = many(60);
  const workers = ['owner', 'zombie'].map((group) =>
    buildProcessor({ log, clickhouse: shared, config: { group, batchRecordsMax: 7 } }),
  );
  await Promise.all(workers.map((worker) => worker.start()));
  for (let start = 0; start < 60; start += 10) await append(log, events.slice(start, start + 10));
  await settled(log, 'owner');
  await settled(log, 'zombie');
  await Promise.all(workers.map((worker) => worker.stop()));
  const rows = await visible(shared, log);
  expect(idsOf(rows)).toEqual(idsOf(events));
  expect(Math.max(...rows.map(({ copies }) => copies))).toBeLessThanOrEqual(2);
  await drain({ log, clickhouse: shared });
  await expectConserved(log, shared);
});

test('what ingest refused goes from its topic to the dead letters', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const rejection = { index: 1, id: 'evt-7', code: 'wrong_type', path: '/nps', message: 'half \ud800 a pair' } as const;
  const value = encodeRejected(
    { rejection, raw: '{"nps":"ten"}' },
    { dialect: 'native', receivedAtUs: 1_700_000_000_000_000 },
  );
  await log.append(topics.deadLetters, [{ key: 'evt-7', value }]);
  await drain({ log, clickhouse: shared });
  expect(await letters(shared, log, topics.deadLetters)).toEqual([
    {
      offset: 0,
      code: 'wrong_type',
      message: 'half \ufffd a pair',
      eventId: 'evt-7',
      raw: '{"nps":"ten"}',
      source: 'ingest',
    },
  ]);
  await expectConserved(log, shared);
});

test('rows that ClickHouse refuses are found by halving and dead-lettered; the others are stored', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await shared.command(
    defineStatement({
      name: 'test_constraint',
      sql: "ALTER TABLE events ADD CONSTRAINT sound CHECK touchpoint != 'poison'",
    }),
  );
  const good = many(40);
  const bad = many(3, { touchpoint: 'poison' });
  const [one, two, three] = bad;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three bad events');
  const delivered = [one, ...good.slice(0, 20), two, three, ...good.slice(20)];
  await append(log, delivered);
  const inserts: number[] = [];
  const counting = tampered(shared, ({ table, rows }) => {
    if (table === 'events') inserts.push(rows.length);
    return undefined;
  });
  await drain({ log, clickhouse: counting });
  expect(idsOf(await visible(shared, log))).toEqual(idsOf(good));
  const dead = await letters(shared, log);
  expect(dead).toMatchObject(
    [one, two, three].map(({ id }) => ({ eventId: id, code: 'clickhouse_refused', source: 'sink' })),
  );
  expect(dead[0]?.message).toMatch(/^VIOLATED_CONSTRAINT \(469\): /);
  expect(JSON.parse(dead[0]?.raw ?? '')).toMatchObject({ event: { id: one.id } });
  expect(inserts.length).toBeLessThan(43);

  const before = inserts.length;
  await drain({ log, clickhouse: counting, config: { group: 'again' } });
  expect(inserts.length).toBe(before);
  await shared.command(
    defineStatement({ name: 'test_no_constraint', sql: 'ALTER TABLE events DROP CONSTRAINT sound' }),
  );
  await expectConserved(log, shared);
});

const errorOf = (kind: ClickHouseError['kind'], codeName: string, code: number) =>
  new ClickHouseError({ code, codeName, kind, canRetry: kind === 'infrastructure', message: `injected ${codeName}` });

test.each([
  { kind: 'infrastructure', codeName: 'NETWORK_ERROR', code: 210, outcome: 'infrastructure', isReady: true },
  { kind: 'limit', codeName: 'MEMORY_LIMIT_EXCEEDED', code: 241, outcome: 'limit', isReady: false },
  { kind: 'programming', codeName: 'UNKNOWN_TABLE', code: 60, outcome: 'programming', isReady: false },
  { kind: 'data', codeName: 'TOO_MANY_PARTS', code: 252, outcome: 'infrastructure', isReady: true },
] as const)('$codeName stops the batch, never skips it', async ({ kind, codeName, code, outcome, isReady }) => {
  const closers: (() => Promise<void>)[] = [];
  const shared = await clickhouse();
  const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
  const events = many(5);
  await append(log, events);
  let isBroken = true;
  let failures = 0;
  const failing = tampered(shared, ({ table }) => {
    if (!isBroken || table !== 'events') return undefined;
    failures += 1;
    throw errorOf(kind, codeName, code);
  });
  const metrics = testMetrics();
  const processor = buildProcessor({ log, clickhouse: failing, metrics });
  await processor.start();
  await vi.waitFor(() => expect(failures).toBeGreaterThan(2), patience);
  expect((await log.committed('michinori-sink', topics.events)).get(0) ?? 0).toBe(0);
  expect(processor.checks[0]?.check()).toMatchObject({ ok: isReady });
  expect((await metrics.exposition()).text).toContain(`michinori_sink_batches_total{outcome="${outcome}"}`);
  isBroken = false;
  await settled(log);
  await vi.waitFor(() => expect(processor.checks[0]?.check()).toEqual({ ok: true }), patience);
  await processor.stop();
  expect(idsOf(await visible(shared, log))).toEqual(idsOf(events));
  expect(await letters(shared, log)).toEqual([]);
  for (const close of closers) await close();
});

test.each(['event_ids', 'events', 'dead_letters'])(
  'an insert into %s that reports success without its rows is noticed and done again',
  async (table) => {
    const closers: (() => Promise<void>)[] = [];
    const shared = await clickhouse();
    const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
    const events = many(5);
    await append(log, events);
    await log.append(topics.events, [{ key: 'k', value: new Uint8Array([1]) }]);
    let losses = 2;
    const losing = tampered(shared, (batch) => (batch.table === table && losses-- > 0 ? 'lose' : undefined));
    const metrics = testMetrics();
    await drain({ log, clickhouse: losing, metrics });
    expect(idsOf(await visible(shared, log))).toEqual(idsOf(events));
    expect((await metrics.exposition()).text).toMatch(/michinori_sink_repaired_rows_total [1-9]/);
    await expectConserved(log, shared);
    for (const close of closers) await close();
  },
);

test('inserts that go on losing their rows are never committed', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await append(log, many(2));
  const metrics = testMetrics();
  const processor = buildProcessor({
    log,
    clickhouse: tampered(shared, ({ table }) => (table === 'events' ? 'lose' : undefined)),
    metrics,
  });
  await processor.start();
  await vi.waitFor(
    async () => expect((await metrics.exposition()).text).toMatch(/outcome="verification"} [2-9]/),
    patience,
  );
  expect(processor.checks[0]?.check()).toMatchObject({ ok: false });
  await processor.stop();
  expect(await log.lag('michinori-sink', topics.events)).toEqual([{ partition: 0, lag: 2 }]);
});

test('negative control: without verification a lost insert loses events, and the audit says so', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await append(log, many(5));
  let losses = 1;
  const losing = tampered(shared, ({ table }) => (table === 'events' && losses-- > 0 ? 'lose' : undefined));
  await drain({ log, clickhouse: losing, verification: 'off' });
  expect(await visible(shared, log)).toEqual([]);
  expect(await buildProcessor({ log, clickhouse: shared }).auditOnce({ repair: false })).toMatchObject({
    missingEvents: 5,
  });
});

test.each([
  ['off', 2],
  ['on', 1],
] as const)(
  'negative control: verification %s and a death after the insert gives %i copies',
  async (verification, copies) => {
    const closers: (() => Promise<void>)[] = [];
    const shared = await clickhouse();
    const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
    await append(log, many(3));
    await runUntilCrash({ log, clickhouse: shared, verification }, 'sink.after-insert');
    await drain({ log, clickhouse: shared, verification });
    expect((await visible(shared, log)).map((row) => row.copies)).toEqual([copies, copies, copies]);
    for (const close of closers) await close();
  },
);

test('every value of an event arrives in its column as it was', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const event = touchpoint({
    customer: null,
    anonymous: 'a-1',
    account: 'acme',
    occurredAtUs: 315_532_800_000_001,
    sequence: -7,
    sentiment: -0.25,
    nps: 0,
    amount: { value: '12345678901234567890123456789.123456789', currency: 'JPY' },
    properties: new Map<string, string | number | boolean>([
      ['__proto__', 'p'],
      ['1', 1.5],
      ['flag', false],
      ['text', "道\t'\\\n"],
    ]),
    traits: new Map([['plan', 'pro']]),
  });
  await append(log, [event]);
  await drain({ log, clickhouse: shared });
  expect(await shared.queryOnWriter(storedEvent, { id: event.id })).toEqual([
    {
      keyIsRight: 1,
      occurredAtUs: '315532800000001',
      receivedAtUs: String(event.receivedAtUs),
      sequence: '-7',
      sentiment: -0.25,
      nps: 0,
      amount: '12345678901234567890123456789.123456789',
      currency: 'JPY',
      properties: [
        ['1', '1.5'],
        ['__proto__', 'p'],
        ['flag', 'false'],
        ['text', "道\t'\\\n"],
      ],
      traits: [['plan', 'pro']],
    },
  ]);
});
