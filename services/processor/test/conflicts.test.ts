import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import { encodeEnvelope, type TouchpointEvent } from '@michinori/events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type FaultPoint, noFaults, type SinkFaultPoint } from '../src/index.ts';
import { createSink } from '../src/sink/sink.ts';
import { clickhouseOfFile, touchpoint } from './world.ts';

const clickhouse = clickhouseOfFile();
const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 8);
let worlds = 0;

interface Copy {
  id: string;
  touchpoint: string;
  customer: string;
  receivedAtUs: number;
}

interface Placed extends Copy {
  log: string;
  partition: number;
  offset: number;
}

const eventOf = ({ log: _log, partition: _partition, offset: _offset, ...copy }: Placed): TouchpointEvent =>
  touchpoint({ occurredAtUs: 1_700_000_000_000_000, ...copy });

const recordOf = (copy: Placed) => ({
  offset: copy.offset,
  appendedAtUs: copy.receivedAtUs,
  value: encodeEnvelope(eventOf(copy), { dialect: 'native' }),
});

const visibleOfIds = defineQuery({
  name: 'test_visible_of_ids',
  sql: `
    SELECT DISTINCT event_id AS id, touchpoint, customer
    FROM events
    WHERE startsWith(event_id, {prefix:String}) AND content_hash NOT IN (SELECT content_hash FROM superseded_events)
    ORDER BY id, touchpoint, customer`,
  params: z.object({ prefix: z.string() }),
  row: z.object({ id: z.string(), touchpoint: z.string(), customer: z.string() }),
});

const markedOfIds = defineQuery({
  name: 'test_marked_of_ids',
  sql: `SELECT count() AS marks, uniqExact(content_hash) AS contents FROM superseded_events WHERE startsWith(event_id, {prefix:String})`,
  params: z.object({ prefix: z.string() }),
  row: z.object({ marks: z.coerce.number(), contents: z.coerce.number() }),
});

/** The rule in its plainest form: of all copies of an id, what the earliest received one says. */
function model(copies: readonly Placed[]) {
  const order = (a: Placed, b: Placed) =>
    a.receivedAtUs - b.receivedAtUs ||
    (a.log < b.log ? -1 : a.log > b.log ? 1 : 0) ||
    a.partition - b.partition ||
    a.offset - b.offset;
  const ids = [...new Set(copies.map(({ id }) => id))].sort();
  return ids.map((id) => {
    const [winner] = copies.filter((copy) => copy.id === id).sort(order);
    return { id, touchpoint: winner?.touchpoint, customer: winner?.customer };
  });
}

function sinkRange(shared: ClickHouse, copies: readonly Placed[], faults = noFaults) {
  const [first] = copies;
  const last = copies.at(-1);
  if (first === undefined || last === undefined) throw new Error('an empty batch');
  const range = { log: first.log, partition: first.partition, fromOffset: first.offset, toOffset: last.offset + 1 };
  return createSink({ clickhouse: shared, faults, verification: 'on' })(range, copies.map(recordOf), {
    mayBePresent: true,
  });
}

/** Places copies on partitions in the order given; `prefix` keeps the world's ids apart from others'. */
function place(copies: readonly (Copy & { partition: number })[]): { prefix: string; placed: Placed[] } {
  worlds += 1;
  const prefix = `conflict-${worlds}-`;
  const next = [0, 0, 0];
  const placed = copies.map((copy): Placed => {
    const offset = next[copy.partition] ?? 0;
    next[copy.partition] = offset + 1;
    return { ...copy, id: prefix + copy.id, log: `events@conflict-${worlds}`, offset };
  });
  return { prefix, placed };
}

const someCopies = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    touchpoint: fc.constantFrom('x', 'y', 'z'),
    customer: fc.constantFrom('one', 'two'),
    receivedAtUs: fc.integer({ min: 0, max: 5 }).map((us) => 1_700_000_000_000_000 + us),
    partition: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 2, maxLength: 12 },
);

function batchesOf(placed: readonly Placed[], sizes: readonly number[]): Placed[][] {
  const batches: Placed[][] = [];
  for (const partition of [0, 1, 2]) {
    const rest = placed.filter((copy) => copy.partition === partition);
    for (let turn = 0; rest.length > 0; turn += 1) batches.push(rest.splice(0, sizes[turn % sizes.length] ?? 1));
  }
  return batches;
}

test('what is visible is a function of the set of copies, whatever the batches, their order and the workers that race', async () => {
  const shared = await clickhouse();
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });
  const order = fc.array(fc.nat(), { minLength: 30, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      someCopies,
      sizes,
      order,
      fc.integer({ min: 1, max: 3 }),
      async (copies, batchSizes, keys, workers) => {
        const { prefix, placed } = place(copies);
        const batches = batchesOf(placed, batchSizes)
          .map((batch, index) => ({ batch, key: keys[index % keys.length] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ batch }) => batch);
        const queues = Array.from({ length: workers }, (_, worker) =>
          batches.filter((_batch, index) => index % workers === worker),
        );
        await Promise.all(
          queues.map(async (queue, worker) => {
            for (const batch of queue) await sinkRange(shared, batch);
            if (worker > 0 && batches[0] !== undefined) await sinkRange(shared, batches[0]);
          }),
        );
        expect(await shared.queryOnWriter(visibleOfIds, { prefix })).toEqual(model(placed));
      },
    ),
    { numRuns },
  );
});

const at = (us: number) => 1_700_000_000_000_000 + us;
const copyOf = (says: string, us: number, partition = 0) => ({
  id: 'a',
  touchpoint: says,
  customer: 'one',
  receivedAtUs: at(us),
  partition,
});

test('a content that lost wins when a copy of it with an earlier receipt turns up, and its mark goes', async () => {
  const shared = await clickhouse();
  const { prefix, placed } = place([copyOf('x', 10), copyOf('y', 5), copyOf('x', 1), copyOf('z', 3)]);
  const seen: unknown[] = [];
  for (const copy of placed) {
    await sinkRange(shared, [copy]);
    seen.push((await shared.queryOnWriter(visibleOfIds, { prefix })).map(({ touchpoint: says }) => says));
  }
  expect(seen).toEqual([['x'], ['y'], ['x'], ['x']]);
  expect(await shared.queryOnWriter(markedOfIds, { prefix })).toEqual([{ marks: 2, contents: 2 }]);
});

test('an id that is superseded twice has one visible content after every step', async () => {
  const shared = await clickhouse();
  const { prefix, placed } = place([copyOf('x', 9), copyOf('y', 6, 1), copyOf('z', 3, 2)]);
  for (const [index, copy] of placed.entries()) {
    await sinkRange(shared, [copy]);
    expect(await shared.queryOnWriter(visibleOfIds, { prefix })).toEqual(model(placed.slice(0, index + 1)));
  }
});

test('in one batch the earliest receipt wins, not the first offset', async () => {
  const shared = await clickhouse();
  const { prefix, placed } = place([copyOf('x', 9), copyOf('y', 2), copyOf('x', 4), copyOf('y', 2)]);
  await sinkRange(shared, placed);
  expect(await shared.queryOnWriter(visibleOfIds, { prefix })).toEqual([
    { id: `${prefix}a`, touchpoint: 'y', customer: 'one' },
  ]);
});

test('equal receipts: the lower place in the log wins', async () => {
  const shared = await clickhouse();
  const { prefix, placed } = place([copyOf('x', 7, 2), copyOf('y', 7, 1), copyOf('z', 7, 1)]);
  for (const copy of placed) await sinkRange(shared, [copy]);
  expect(await shared.queryOnWriter(visibleOfIds, { prefix })).toMatchObject([{ touchpoint: 'y' }]);
});

/** Stops a worker at a point until it is let go. */
function gateAt(point: SinkFaultPoint) {
  let reach: () => void = () => {};
  let open: () => void = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const at = async (passed: FaultPoint) => {
    if (passed !== point) return;
    reach();
    await opened;
  };
  return { faults: { at }, reached, open: () => open() };
}

test('a mark from a stale look is withdrawn by the worker that wrote it', async () => {
  const shared = await clickhouse();
  const { prefix, placed } = place([copyOf('x', 10), copyOf('y', 5, 1), copyOf('x', 1, 2)]);
  const [early, slow, late] = placed.map((copy) => [copy]);
  if (early === undefined || slow === undefined || late === undefined) throw new Error('three copies');
  await sinkRange(shared, early);
  const gate = gateAt('sink.after-conflict-lookup');
  const slowWorker = sinkRange(shared, slow, gate.faults);
  await gate.reached;
  await sinkRange(shared, late);
  gate.open();
  await slowWorker;
  expect(await shared.queryOnWriter(visibleOfIds, { prefix })).toEqual(model(placed));
});

test.each([
  'sink.after-announce',
  'sink.after-announce-verified',
  'sink.after-conflict-lookup',
  'sink.before-insert',
  'sink.after-insert',
] as const)('a worker that stands still at %s while another brings the rival', async (point) => {
  const shared = await clickhouse();
  for (const [slowUs, fastUs] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const { prefix, placed } = place([copyOf('slow', slowUs, 0), copyOf('fast', fastUs, 1)]);
    const gate = gateAt(point);
    const slowWorker = sinkRange(shared, placed.slice(0, 1), gate.faults);
    await gate.reached;
    await sinkRange(shared, placed.slice(1));
    expect((await shared.queryOnWriter(visibleOfIds, { prefix })).length).toBeLessThanOrEqual(1);
    gate.open();
    await slowWorker;
    expect(await shared.queryOnWriter(visibleOfIds, { prefix })).toEqual(model(placed));
  }
});
