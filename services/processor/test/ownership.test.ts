import { setImmediate } from 'node:timers/promises';
import type { ClickHouse } from '@michinori/clickhouse';
import { definitionsTopic, topics } from '@michinori/events';
import { presentDefinitionOffsets, takeoverHorizon } from '@michinori/queries';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../src/index.ts';
import { createDerive } from '../src/projector/derive.ts';
import { directedLog } from './directed-log.ts';
import { answering, apply, config, createGate, derivationsOf, step } from './journeys.ts';
import {
  append,
  buildProcessor,
  clickhouseOfFile,
  expectConserved,
  temporaryLog,
  testMetrics,
  touchpoint,
  visible,
} from './world.ts';

const clickhouse = clickhouseOfFile();
const events = topics.events;
const patience = { timeout: 90_000, interval: 20 };

/** Whoever asks a query on the writer for the first time waits at the gate. */
function askingSlowly(shared: ClickHouse, name: string) {
  const gate = createGate();
  const asked: string[] = [];
  let isFirst = true;
  const slow: ClickHouse = {
    ...shared,
    async queryOnWriter(query, params, options) {
      asked.push(query.name);
      if (isFirst && query.name === name) {
        isFirst = false;
        await gate.pass();
      }
      return shared.queryOnWriter(query, params, options);
    },
  };
  return { gate, slow, asked };
}

async function begun(
  context: Parameters<typeof temporaryLog>[0],
  options: Partial<Parameters<typeof buildProcessor>[0]> & { onCommit?: Parameters<typeof directedLog>[1] } = {},
) {
  const shared = await clickhouse();
  const stored = options.log ?? (await temporaryLog(context));
  const directed = directedLog(stored, options.onCommit);
  const metrics = testMetrics();
  const processor = buildProcessor({ clickhouse: shared, metrics, ...options, log: directed.log });
  await processor.start();
  context.onTestFinished(() => processor.stop());
  return { ...directed, shared, stored, metrics, processor, isReady: () => processor.checks[0]?.check() };
}

test('a partition that comes back while its former take-over still asks goes on where the group stands', async (context) => {
  const { gate, slow } = askingSlowly(await clickhouse(), takeoverHorizon.name);
  const { stored, shared, assign, revoke, deliver, commits } = await begun(context, { clickhouse: slow });
  await append(
    stored,
    Array.from({ length: 5 }, () => touchpoint()),
  );
  const former = assign(events, 0, 0);
  await gate.reached;
  revoke(events, 0);
  await assign(events, 0, 3);
  gate.open();
  await former;
  await deliver(events, 0, 3, 5);
  await vi.waitFor(() => expect(commits).toEqual([`${events}/0:5`]), patience);
  expect(await visible(shared, stored)).toHaveLength(2);
});

test('a partition that is taken away during its take-over is nobody’s here: nothing of it is written or audited', async (context) => {
  const { gate, slow } = askingSlowly(await clickhouse(), takeoverHorizon.name);
  const { stored, assign, revoke, deliver } = await begun(context, { clickhouse: slow });
  await append(stored, [touchpoint()]);
  const former = assign(events, 0, 0);
  await gate.reached;
  revoke(events, 0);
  gate.open();
  await former;
  await expect(deliver(events, 0, 0, 1)).rejects.toMatchObject({ code: 'generation_changed' });
});

test('a batch that waits for its turn when its partition is taken away writes nothing', async (context) => {
  const first = createGate();
  const { stored, shared, assign, revoke, deliver, delivered, commits } = await begun(context, {
    log: await temporaryLog(context, { partitions: 2 }),
    config: { sinkBatchesMax: 1 },
    faults: { at: (point) => (point === 'sink.after-fetch' ? first.pass() : undefined) },
  });
  const both = Array.from({ length: 40 }, () => touchpoint());
  await append(stored, both);
  const [zero, one] = await stored.positions(events);
  await assign(events, 0, 0);
  await assign(events, 1, 0);
  const done = deliver(events, 0, 0, zero?.next ?? 0);
  await first.reached;
  const waiting = expect(deliver(events, 1, 0, one?.next ?? 0)).rejects.toMatchObject({ code: 'partition_lost' });
  await vi.waitFor(() => expect(delivered).toHaveLength(2), patience);
  await setImmediate();
  revoke(events, 1);
  first.open();
  await Promise.all([done, waiting]);
  await vi.waitFor(() => expect(commits).toEqual([`${events}/0:${zero?.next}`]), patience);
  expect(await visible(shared, stored)).toHaveLength(zero?.next ?? 0);
});

test('of a partition that was taken away no trouble stays, and none of its new time here is hidden', async (context) => {
  const [gate, broken] = [createGate(), new Error('a bug')];
  let isZombie = true;
  const { stored, assign, revoke, deliver, isReady } = await begun(context, {
    faults: {
      async at(point) {
        if (point !== 'sink.after-fetch') return;
        if (isZombie) await gate.pass();
        throw broken;
      },
    },
  });
  await append(stored, [touchpoint()]);
  await assign(events, 0, 0);
  const zombie = expect(deliver(events, 0, 0, 1)).rejects.toBe(broken);
  await gate.reached;
  revoke(events, 0);
  gate.open();
  await zombie;
  expect(isReady()).toEqual({ ok: true });
  isZombie = false;
  await assign(events, 0, 0);
  await expect(deliver(events, 0, 0, 1)).rejects.toBe(broken);
  expect(isReady()).toMatchObject({ ok: false });
});

test('who loses the definitions while taking them over does not become the builder', async (context) => {
  const { gate, slow, asked } = askingSlowly(await clickhouse(), presentDefinitionOffsets.name);
  const log = await temporaryLog(context);
  await apply(log, 'lost-in-takeover');
  const { assign, revoke } = await begun(context, { log, clickhouse: slow, config });
  const former = assign(definitionsTopic, 0, 1);
  await gate.reached;
  revoke(definitionsTopic, 0);
  gate.open();
  await former;
  await setImmediate();
  expect(asked).not.toContain('derivations');
  await assign(definitionsTopic, 0, 1);
  await vi.waitFor(() => expect(asked).toContain('derivations'), patience);
});

test('a commit of definitions that comes too late is no trouble of the one that lost them', async (context) => {
  const gate = createGate();
  const log = await temporaryLog(context);
  await apply(log, 'late-commit');
  const { assign, revoke, deliver, isReady } = await begun(context, {
    ...{ log, config },
    onCommit: {
      async onCommit() {
        await gate.pass();
        throw new Error('no member of the group');
      },
    },
  });
  await assign(definitionsTopic, 0, 0);
  const late = expect(deliver(definitionsTopic, 0, 0, 1)).rejects.toThrow('no member');
  await gate.reached;
  revoke(definitionsTopic, 0);
  gate.open();
  await late;
  expect(isReady()).toEqual({ ok: true });
});

test('a stop does not wait for a commit that the log never answers', async (context) => {
  const { stored, shared, assign, deliver, processor, commits } = await begun(context, {
    // The only ones who wait for five seconds are those who stop.
    clock: { ...systemClock, wait: async (ms, signal) => (ms === 5_000 ? undefined : systemClock.wait(ms, signal)) },
    onCommit: {
      async onCommit(_topic, stopped) {
        await stopped;
        throw new Error('the group is rebalancing');
      },
    },
  });
  await append(stored, [touchpoint()]);
  await assign(events, 0, 0);
  await deliver(events, 0, 0, 1);
  await processor.stop();
  expect(commits).toEqual([]);
  await expectConserved(stored, shared);
});

test('of several processors each audits its own partitions, and repairs there', async (context) => {
  const log = await temporaryLog(context, { partitions: 2 });
  await append(
    log,
    Array.from({ length: 14 }, (_, n) => touchpoint({ customer: `audited-${n}` })),
  );
  const ends = (await log.positions(events)).map(({ next }) => next);
  const read = new Map<string, Set<number>>();
  const members = await Promise.all(
    ['a', 'b'].map((name) => {
      const partitions = new Set<number>();
      read.set(name, partitions);
      return begun(context, {
        log: {
          ...log,
          committed: async (_group, topic) => new Map(topic === events ? ends.map((end, index) => [index, end]) : []),
          async read(topic, partition, fromOffset, limits) {
            if (topic === events && limits.recordsMax === 5_000) partitions.add(partition);
            return log.read(topic, partition, fromOffset, limits);
          },
        },
        config: { auditShareMax: 1, auditPauseMs: 1, auditSliceRecordsMax: 5 },
      });
    }),
  );
  const [a, b] = members;
  if (a === undefined || b === undefined) throw new Error('two processors');
  await a.assign(events, 0, ends[0] ?? 0);
  await b.assign(events, 1, ends[1] ?? 0);
  // Nothing was ever sunk: whatever stands in the tables in the end was put back by the auditors.
  await vi.waitFor(async () => expect(await visible(a.shared, log)).toHaveLength(14), patience);
  expect([...(read.get('a') ?? [])]).toEqual([0]);
  expect([...(read.get('b') ?? [])]).toEqual([1]);
});

test('however many partitions have records, no more batches are decoded at once than allowed', async (context) => {
  let [inside, most] = [0, 0];
  const full = createGate();
  const { stored, assign, deliver } = await begun(context, {
    log: await temporaryLog(context, { partitions: 6 }),
    config: { sinkBatchesMax: 2 },
    faults: {
      async at(point) {
        if (point === 'sink.after-verify') inside -= 1;
        if (point !== 'sink.after-fetch') return;
        inside += 1;
        most = Math.max(most, inside);
        if (inside === 2) full.pass();
        await full.reached;
      },
    },
  });
  await append(
    stored,
    Array.from({ length: 60 }, (_, n) => touchpoint({ customer: `many-${n}` })),
  );
  await Promise.all(
    (await stored.positions(events)).map(async ({ partition, next }) => {
      await assign(events, partition, 0);
      await deliver(events, partition, 0, next);
    }),
  );
  expect(most).toBe(2);
});

test('a build that somebody else gives up is not begun again before its time', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const derive = createDerive(shared);
  const gate = createGate();
  const builder = await begun(context, {
    ...{ log, config: { ...config, retryDelayMsMin: 600_000, retryDelayMsMax: 600_000 } },
    derive: {
      ...derive,
      async units(derivation, scope) {
        if (derivation.journey.id === 'poisoned') await gate.pass();
        await derive.units(derivation, scope);
      },
    },
  });
  const rounds = await begun(context, {
    ...{ log, config },
    derive: {
      ...derive,
      async units(derivation, scope) {
        if (derivation.journey.id === 'poisoned') throw new Error('this version can not derive it');
        await derive.units(derivation, scope);
      },
    },
  });
  await append(log, [step('poisoned-1', 'opened', 1), step('poisoned-2', 'opened', 1)]);
  await apply(log, 'poisoned');
  await rounds.assign(events, 0, 0);
  await rounds.deliver(events, 0, 0, 1);
  await vi.waitFor(() => expect(rounds.commits).toEqual([`${events}/0:1`]), patience);
  await builder.assign(definitionsTopic, 0, 0);
  await builder.deliver(definitionsTopic, 0, 0, 1);
  await gate.reached;
  await rounds.deliver(events, 0, 1, 2);
  await vi.waitFor(() => expect(rounds.commits.at(-1)).toBe(`${events}/0:2`), patience);
  gate.open();
  await vi.waitFor(
    async () => expect((await builder.metrics.exposition()).text).toMatch(/builds_total{outcome="failed"} 1/),
    patience,
  );
  await apply(log, 'wholesome');
  await builder.deliver(definitionsTopic, 0, 1, 2);
  await answering(shared, 'wholesome');
  expect((await derivationsOf(shared, 'poisoned')).map(({ state }) => state)).toEqual(['retired']);
});

/** Resolves when the derivations have been read some more times. */
async function looked(asked: readonly string[], times: number): Promise<void> {
  const count = () => asked.filter((name) => name === 'derivations').length;
  const before = count();
  await vi.waitFor(() => expect(count()).toBeGreaterThanOrEqual(before + times), patience);
}

test('a builder that fails after another one got the build done takes nothing away', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const derive = createDerive(shared);
  const gate = createGate();
  const { slow, asked } = askingSlowly(shared, '');
  await append(log, [step('twice-built-1', 'opened', 1)]);
  await apply(log, 'twice-built');
  const former = await begun(context, {
    ...{ log, config, clickhouse: slow },
    derive: {
      ...derive,
      async units(derivation) {
        if (derivation.journey.id !== 'twice-built') return;
        await gate.pass();
        throw new Error('out of memory');
      },
    },
  });
  await former.assign(events, 0, 0);
  await former.deliver(events, 0, 0, 1);
  await former.assign(definitionsTopic, 0, 0);
  await former.deliver(definitionsTopic, 0, 0, 1);
  await gate.reached;
  const next = await begun(context, { log, config });
  await next.assign(definitionsTopic, 0, 1);
  const derivation = await answering(shared, 'twice-built');
  gate.open();
  await looked(asked, 3);
  expect(await derivationsOf(shared, 'twice-built')).toMatchObject([{ derivation, state: 'active' }]);
});

test('a rebuild that is overtaken by another one resolves when that one answers', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const derive = createDerive(shared);
  const { slow, asked } = askingSlowly(shared, '');
  await append(log, [step('overtaken-1', 'opened', 1)]);
  await apply(log, 'overtaken');
  const gate = createGate();
  let isHeld = false;
  const { assign, revoke, deliver, processor } = await begun(context, {
    ...{ log, config, clickhouse: slow },
    derive: {
      ...derive,
      async units(derivation, scope) {
        if (isHeld && derivation.journey.id === 'overtaken') await gate.pass();
        await derive.units(derivation, scope);
      },
    },
  });
  await assign(events, 0, 0);
  await deliver(events, 0, 0, 1);
  await assign(definitionsTopic, 0, 0);
  await deliver(definitionsTopic, 0, 0, 1);
  const first = await answering(shared, 'overtaken');
  isHeld = true;
  revoke(definitionsTopic, 0);
  const resolved: number[] = [];
  const both = [1, 2].map((asker) => processor.rebuild('overtaken').then(() => resolved.push(asker)));
  const states = async () => (await derivationsOf(shared, 'overtaken')).map(({ state }) => state);
  await vi.waitFor(async () => expect(await states()).toEqual(['active', 'building', 'building']), patience);
  await assign(definitionsTopic, 0, 1);
  await gate.reached;
  expect(await states()).toEqual(['active', 'retired', 'building']);
  await looked(asked, 8);
  expect(resolved).toEqual([]);
  gate.open();
  await Promise.all(both);
  expect(await answering(shared, 'overtaken')).toBeGreaterThan(first);
});
