import type { DerivationRow } from '@michinori/queries';
import { createSilentLogger } from '@michinori/runtime';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { decideBuilds } from '../src/builder/decide-builds.ts';
import { stepOf } from '../src/builder/write-derivation.ts';
import { systemClock } from '../src/clock.ts';
import { noFaults } from '../src/faults.ts';
import { createBacklog } from '../src/projector/backlog.ts';
import { createCommitter } from '../src/projector/committer.ts';
import { dirtyRows, unitOfEvent, unitOfKey, unitOfRow } from '../src/projector/dirty-unit.ts';
import { hotIntervalMs } from '../src/projector/hot-interval.ts';
import type { Tenancy } from '../src/projector/passage.ts';
import { createPersist } from '../src/projector/persist.ts';
import { createProjector } from '../src/projector/projector.ts';
import { createProjectorMetrics } from '../src/projector/projector-metrics.ts';
import { isLeftBehind, roundName } from '../src/projector/round-name.ts';
import type { RunRound } from '../src/projector/run-round.ts';
import { createTroubles } from '../src/troubles.ts';
import { configOf, testMetrics, touchpoint } from './world.ts';

const patience = { timeout: 60_000, interval: 2 };

test('a dirty unit becomes the row that its key follows from', () => {
  const units = [
    unitOfEvent(touchpoint({ customer: 'c', anonymous: 'a' })),
    unitOfEvent(touchpoint({ customer: null, anonymous: 'a' })),
    unitOfKey('77'),
  ];
  expect(dirtyRows('r', units)).toEqual({
    byName: [
      ['r', 'c', ''],
      ['r', '', 'a'],
    ],
    byKey: [['r', '77']],
  });
  expect(unitOfRow({ customerKey: '1', customer: 'c', anonymous: '' })).toBe(units[0]);
  expect(unitOfRow({ customerKey: '1', customer: '', anonymous: 'a' })).toBe(units[1]);
  expect(unitOfRow({ customerKey: '77', customer: '', anonymous: '' })).toBe(units[2]);
});

test('the interval of a hot unit grows with its size and its cost', () => {
  const base = { events: 20_000, lastTookMs: 0, intervalMsMax: 60_000 };
  expect(hotIntervalMs(base)).toBe(2_000);
  expect(hotIntervalMs({ ...base, events: 10_000_000 })).toBe(60_000);
  expect(hotIntervalMs({ ...base, lastTookMs: 9_000 })).toBe(90_000);
});

test('only rounds that began long ago are left behind', () => {
  const name = roundName(1_000_000_000_000, 'x', 3);
  expect(name).toBe('1000000-x-3');
  expect(isLeftBehind(name, 1_000_000_000_000 + 3_600_000_000)).toBe(false);
  expect(isLeftBehind(name, 1_000_000_000_000 + 7 * 3_600_000_000)).toBe(true);
  expect(isLeftBehind('something else', Number.MAX_SAFE_INTEGER)).toBe(false);
});

test('a step never goes back: not from active to building, not from retired to anything', () => {
  const late = Date.UTC(2100, 0, 1) * 1000;
  expect(stepOf('active', 0)).toBeGreaterThan(stepOf('building', late));
  expect(stepOf('retired', 0)).toBeGreaterThan(stepOf('active', late));
  expect(stepOf('building', 2)).toBeGreaterThan(stepOf('building', 1));
  expect(stepOf('retired', late)).toBeLessThan(2n ** 64n);
});

describe('decideBuilds', () => {
  const v1 = { journey: 'j', version: 1, hash: '1' };
  const v2 = { journey: 'j', version: 2, hash: '2' };
  const row = (derivation: number, key: typeof v1, state: DerivationRow['state'], changedAtUs = 0): DerivationRow => ({
    ...key,
    ...{ derivation, state, changedAtUs, unitsDone: 0, unitsTotal: 0 },
  });
  const at = { nowUs: 100, retireAfterUs: 50 };

  test('a definition without a derivation is begun, also when its version had another text', () => {
    expect(decideBuilds([v1], [], at).begin).toEqual([v1]);
    expect(decideBuilds([{ ...v1, hash: '9' }], [row(1, v1, 'active')], at).begin).toEqual([{ ...v1, hash: '9' }]);
    expect(decideBuilds([v1], [row(1, v1, 'retired')], at).begin).toEqual([v1]);
    expect(decideBuilds([v1], [row(1, v1, 'active')], at)).toEqual({ begin: [], build: [], retire: [] });
  });

  test('a build is carried out, also a repetition; of several the last, and none that was overtaken', () => {
    const [a, b, c] = [row(1, v1, 'active'), row(2, v1, 'building'), row(3, v1, 'building')];
    expect(decideBuilds([v1], [a, b, c], at)).toEqual({ begin: [], build: [c], retire: [b] });
    expect(decideBuilds([v1], [row(4, v1, 'building'), row(5, v1, 'active')], at)).toEqual({
      ...{ begin: [], build: [] },
      retire: [row(4, v1, 'building')],
    });
  });

  test('a build of a replaced definition is retired, and the new one begun', () => {
    const [a, b] = [row(1, v1, 'active'), row(2, v1, 'building')];
    expect(decideBuilds([v2], [a, b], at)).toEqual({ begin: [v2], build: [], retire: [b] });
  });

  test('a former derivation is kept until the new one has answered for a while', () => {
    const [a, b] = [row(1, v1, 'active'), row(2, v2, 'active', 51)];
    expect(decideBuilds([v2], [a, b], at).retire).toEqual([]);
    expect(decideBuilds([v2], [a, { ...b, changedAtUs: 50 }], at).retire).toEqual([a]);
  });
});

test('a round takes the oldest passages that fit together, what they share once, and at least one', () => {
  const backlog = createBacklog({ unitsMax: 3 });
  const tenancy: Tenancy = { topic: 't', partition: 0, isRevoked: false, handedBefore: 0, passages: [] };
  const put = (nextOffset: number, units: string[], of = tenancy) =>
    backlog.put({ passage: { tenancy: of, nextOffset, waiting: 1, receivedAtUs: [] }, units: new Set(units) });
  put(1, ['a', 'b']);
  put(2, ['b', 'c']);
  put(3, ['d', 'e', 'f', 'g']);
  put(4, ['h'], { ...tenancy, isRevoked: true });
  const offsets = (take: ReturnType<typeof backlog.take>) => take.entries.map(({ passage }) => passage.nextOffset);
  const first = backlog.take(3);
  expect([offsets(first), [...first.units]]).toEqual([
    [1, 2],
    ['a', 'b', 'c'],
  ]);
  expect(backlog.size()).toBe(4);
  const second = backlog.take(3);
  expect([offsets(second), second.units.size]).toEqual([[3], 4]);
  expect(backlog.isEmpty()).toBe(true);
});

/** A projector whose rounds are played: what they were given, and when they end. */
function playedProjector(
  options: { hot?: string[]; backlogUnitsMax?: number; backlogEventsMax?: number; hotIntervalMsMax?: number } = {},
) {
  const stopper = new AbortController();
  const committed: string[] = [];
  const rounds: string[][] = [];
  const failing = new Set<string>();
  const gates = new Map<string, Promise<void>>();
  const troubles = createTroubles();
  const config = configOf({
    projectBacklogUnitsMax: options.backlogUnitsMax ?? 1000,
    projectBacklogEventsMax: options.backlogEventsMax ?? 1_000_000,
    hotIntervalMsMax: options.hotIntervalMsMax ?? 0,
    projectUnitsMax: 4,
  });
  const clock = systemClock;
  const logger = createSilentLogger();
  const persist = createPersist({ clock, logger, troubles, config, stopping: stopper.signal });
  const runRound: RunRound = async (units, { splitHot }) => {
    rounds.push([...units]);
    for (const unit of units) {
      if (splitHot && options.hot?.includes(unit)) continue;
      await gates.get(unit);
      if (failing.has(unit)) throw new Error(`no ${unit}`);
    }
    if (!splitHot) return [];
    return [...units]
      .filter((unit) => options.hot?.includes(unit))
      .map((unit) => ({ unit, group: `customer ${unit}`, events: 1 }));
  };
  const commits = new Set<string>();
  const projector = createProjector({
    ...{ runRound, persist, clock, config, faults: noFaults, stopping: stopper.signal },
    metrics: createProjectorMetrics(testMetrics()),
    committer: createCommitter({
      ...{ persist, faults: noFaults },
      async commit(_topic, partition, nextOffset) {
        const name = `${partition}:${nextOffset}`;
        if (commits.has(name)) throw new Error(`commit of ${name} refused`);
        committed.push(name);
      },
    }),
  });
  projector.start();
  return {
    ...{ projector, committed, rounds, failing, gates, troubles, refusedCommits: commits },
    async stop() {
      stopper.abort();
      await projector.stop();
    },
    admit: (partition: number) => projector.admit({ topic: 'events', partition, committed: 0 }),
    hand: (tenancy: Tenancy, nextOffset: number, units: string[], receivedAtUs: number[] = []) =>
      projector.hand(tenancy, {
        fromOffset: tenancy.handedBefore,
        nextOffset,
        units: new Set(units),
        receivedAtUs,
      }),
  };
}

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('the projector', () => {
  test('commits a range only after its round, each partition in order, and what concerns nobody with what is before it', async () => {
    const world = playedProjector();
    const { passed, open } = gate();
    world.gates.set('a', passed);
    const [zero, one] = [world.admit(0), world.admit(1)];
    world.hand(zero, 5, ['a']);
    world.hand(zero, 6, []);
    world.hand(one, 3, []);
    await vi.waitFor(() => expect(world.committed).toEqual(['1:3']), patience);
    open();
    await vi.waitFor(() => expect(world.committed).toEqual(['1:3', '0:6']), patience);
    await world.stop();
  });

  test('a failed round comes again until it succeeds, is shown meanwhile, and nothing of it is committed', async () => {
    const world = playedProjector();
    world.failing.add('a');
    world.hand(world.admit(0), 5, ['a', 'b']);
    await vi.waitFor(() => expect(world.rounds.length).toBeGreaterThan(3), patience);
    expect(world.committed).toEqual([]);
    expect(world.troubles.check()).toMatchObject({ ok: false });
    world.failing.delete('a');
    await vi.waitFor(() => expect(world.committed).toEqual(['0:5']), patience);
    expect(world.troubles.check()).toEqual({ ok: true });
    await world.stop();
  });

  test('a refused commit comes again', async () => {
    const world = playedProjector();
    world.refusedCommits.add('0:5');
    world.hand(world.admit(0), 5, ['a']);
    await vi.waitFor(() => expect(world.troubles.check()).toMatchObject({ ok: false }), patience);
    world.refusedCommits.clear();
    await vi.waitFor(() => expect(world.committed).toEqual(['0:5']), patience);
    await world.stop();
  });

  test('what was revoked is never committed, even if its round ends afterwards', async () => {
    const world = playedProjector();
    const { passed, open } = gate();
    world.gates.set('a', passed);
    const lost = world.admit(0);
    const kept = world.admit(1);
    world.hand(lost, 5, ['a']);
    world.hand(kept, 2, ['a']);
    await vi.waitFor(() => expect(world.rounds.length).toBe(1), patience);
    world.projector.revoke(lost);
    open();
    await vi.waitFor(() => expect(world.committed).toEqual(['1:2']), patience);
    await world.stop();
    expect(world.committed).toEqual(['1:2']);
  });

  test('a hot unit holds its own ranges back and nobody else’s rounds', async () => {
    const world = playedProjector({ hot: ['hot'] });
    const { passed, open } = gate();
    world.gates.set('hot', passed);
    const [zero, one] = [world.admit(0), world.admit(1)];
    world.hand(zero, 1, ['hot']);
    for (let offset = 1; offset <= 20; offset += 1) {
      world.hand(one, offset, [`unit-${offset}`]);
      await vi.waitFor(() => expect(world.committed.at(-1)).toBe(`1:${offset}`), patience);
    }
    world.hand(zero, 2, ['hot', 'x']);
    world.hand(zero, 3, ['hot']);
    await vi.waitFor(() => expect(world.rounds.flat()).toContain('x'), patience);
    expect(world.committed.filter((commit) => commit.startsWith('0'))).toEqual([]);
    open();
    await vi.waitFor(() => expect(world.committed.at(-1)).toBe('0:3'), patience);
    const hotRounds = world.rounds.filter((units) => units.includes('hot'));
    expect(hotRounds.length).toBeLessThanOrEqual(3);
    expect(hotRounds.slice(1).every((units) => units.length === 1)).toBe(true);
    await world.stop();
  });

  test('while too much waits there is no room, and a stop leaves the rest to the next one', async () => {
    const world = playedProjector({ backlogUnitsMax: 2 });
    const { passed, open } = gate();
    world.gates.set('a', passed);
    const zero = world.admit(0);
    world.hand(zero, 1, ['a']);
    await vi.waitFor(() => expect(world.rounds.length).toBe(1), patience);
    world.hand(zero, 2, ['b', 'c']);
    let hasRoom = false;
    const room = world.projector.room().then(() => {
      hasRoom = true;
    });
    world.hand(zero, 3, ['d']);
    expect(hasRoom).toBe(false);
    open();
    await room;
    await vi.waitFor(() => expect(world.committed.at(-1)).toBe('0:3'), patience);

    const second = gate();
    world.gates.set('e', second.passed);
    world.hand(zero, 4, ['e']);
    await vi.waitFor(() => expect(world.rounds.flat()).toContain('e'), patience);
    world.hand(zero, 5, ['f', 'g']);
    const refused = expect(world.projector.room()).rejects.toMatchObject({ code: 'stopping' });
    const stopped = world.stop();
    second.open();
    await Promise.all([refused, stopped]);
    expect(world.committed.at(-1)).toBe('0:4');
    expect(world.rounds.flat()).not.toContain('f');
  });

  test('many events of few customers leave no room either, until they are derived or given away', async () => {
    const world = playedProjector({ backlogEventsMax: 3 });
    const [a, b] = [gate(), gate()];
    world.gates.set('a', a.passed);
    world.gates.set('b', b.passed);
    const [zero, one] = [world.admit(0), world.admit(1)];
    let rooms = 0;
    const ask = async () => {
      await world.projector.room();
      rooms += 1;
    };
    world.hand(zero, 2, ['a'], [1, 2]);
    await ask();
    world.hand(zero, 4, ['a'], [3, 4]);
    const derived = ask();
    await vi.waitFor(() => expect(world.rounds.length).toBe(1), patience);
    expect(rooms).toBe(1);
    a.open();
    await derived;
    await vi.waitFor(() => expect(world.committed.at(-1)).toBe('0:4'), patience);
    world.hand(one, 9, ['b'], [5, 6, 7]);
    const revoked = ask();
    await vi.waitFor(() => expect(world.rounds.flat()).toContain('b'), patience);
    expect(rooms).toBe(2);
    world.projector.revoke(one);
    await revoked;
    b.open();
    await world.stop();
    expect(world.committed).not.toContain('1:9');
  });

  test('a range that leaves records out is refused; one that came already is not taken twice', async () => {
    const world = playedProjector();
    const zero = world.admit(0);
    world.hand(zero, 5, ['a']);
    const range = { units: new Set<string>(), receivedAtUs: [] };
    expect(() => world.projector.hand(zero, { ...range, fromOffset: 6, nextOffset: 7 })).toThrow(
      expect.objectContaining({ code: 'range_out_of_order' }),
    );
    world.projector.hand(zero, { ...range, fromOffset: 0, nextOffset: 5 });
    expect(zero.handedBefore).toBe(5);
    await world.stop();
  });

  test('whatever the order of rounds and ranges, every partition is committed to its end and never beyond what is derived', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ partition: fc.nat({ max: 2 }), unit: fc.nat({ max: 6 }) }), {
          minLength: 1,
          maxLength: 25,
        }),
        async (ranges) => {
          const world = playedProjector({ hot: ['unit-0'] });
          const tenancies = [world.admit(0), world.admit(1), world.admit(2)];
          const ends = new Map<number, number>();
          for (const { partition, unit } of ranges) {
            const tenancy = tenancies[partition];
            if (tenancy === undefined) continue;
            ends.set(partition, tenancy.handedBefore + 1);
            world.hand(tenancy, tenancy.handedBefore + 1, [`unit-${unit}`]);
          }
          for (const [partition, end] of ends)
            await vi.waitFor(() => expect(world.committed).toContain(`${partition}:${end}`), patience);
          expect(tenancies.every(({ passages }) => passages.length === 0)).toBe(true);
          await world.stop();
        },
      ),
      { numRuns: 10 },
    );
  });
});
