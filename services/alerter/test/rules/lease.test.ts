import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Beat, type BeatKind, createLease, isFirst, isTaken, type LeaseStore } from '../../src/rules/lease.ts';

const ttlUs = 15_000_000;
const beat = (seconds: number, holder: string, kind: BeatKind): Beat => ({ atUs: seconds * 1e6, holder, kind });
const at = (seconds: number, ...beats: Beat[]) => ({ nowUs: seconds * 1e6, beats });

describe('a lease', () => {
  it('is taken while somebody else may lead', () => {
    expect(isTaken(at(0), 'a', ttlUs)).toBe(false);
    expect(isTaken(at(15, beat(0, 'b', 'lead')), 'a', ttlUs)).toBe(true);
    expect(isTaken(at(15.1, beat(0, 'b', 'lead')), 'a', ttlUs)).toBe(false);
    expect(isTaken(at(15.1, beat(0.2, 'b', 'lead'), beat(0, 'b', 'lead')), 'a', ttlUs)).toBe(true);
    expect(isTaken(at(1, beat(0, 'b', 'lead'), beat(1, 'b', 'end')), 'a', ttlUs)).toBe(false);
    expect(isTaken(at(1, beat(0, 'b', 'lead'), beat(1, 'c', 'end')), 'a', ttlUs)).toBe(true);
    expect(isTaken(at(1, beat(0, 'a', 'lead'), beat(0, 'b', 'claim')), 'a', ttlUs)).toBe(false);
  });

  it('is for the first claim that counts', () => {
    const [a, b] = [beat(1, 'a', 'claim'), beat(2, 'b', 'claim')];
    expect([isFirst(at(3, b, a), 'a', ttlUs), isFirst(at(3, b, a), 'b', ttlUs)]).toEqual([true, false]);
    expect(isFirst(at(16.5, b, a), 'b', ttlUs)).toBe(true);
    expect(isFirst(at(3, b, a, beat(2, 'a', 'end')), 'b', ttlUs)).toBe(true);
    const together = beat(2, 'c', 'claim');
    expect([isFirst(at(3, together, b), 'b', ttlUs), isFirst(at(3, together, b), 'c', ttlUs)]).toEqual([true, false]);
    expect(isFirst(at(3, beat(1, 'a', 'lead')), 'a', ttlUs)).toBe(false);
  });
});

/** A store in virtual time: a beat is stamped when its write begins or later, and seen by all when it is acknowledged. */
function world() {
  let nowMs = 0;
  const visible: Beat[] = [];
  const pending: { atMs: number; finish(): void }[] = [];
  const delays = new Map<string, number>();
  const store: LeaseStore = {
    beat: (holder, kind) =>
      new Promise((resolve) => {
        const stamped = { atUs: nowMs * 1000, holder, kind };
        pending.push({
          atMs: nowMs + (delays.get(holder) ?? 0),
          finish() {
            visible.push(stamped);
            resolve();
          },
        });
      }),
    read: async () => ({ nowUs: nowMs * 1000, beats: [...visible] }),
  };
  return {
    store,
    delays,
    monotonicMs: () => nowMs,
    async pass(ms: number) {
      nowMs += ms;
      for (const write of pending.splice(0)) {
        if (write.atMs <= nowMs) write.finish();
        else pending.push(write);
      }
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    },
  };
}

const names = ['a', 'b', 'c'];

describe('the lease', () => {
  it('is held by one, and by the next one once it was given back', async () => {
    const { store, monotonicMs, pass } = world();
    const [a, b] = names.map((holder) => createLease({ store, holder, monotonicMs }));
    if (a === undefined || b === undefined) throw new Error('no leases');
    const seconds = async (count: number) => {
      for (let i = 0; i < count; i++) {
        void a.hold();
        await pass(500);
        void b.hold();
        await pass(500);
      }
    };
    await seconds(6);
    expect([a.isHeld(), b.isHeld()]).toEqual([true, false]);
    await seconds(60);
    expect([a.isHeld(), b.isHeld()]).toEqual([true, false]);
    const released = a.release();
    await pass(0);
    await pass(0);
    await released;
    expect(a.isHeld()).toBe(false);
    for (let i = 0; i < 6; i++) {
      void b.hold();
      await pass(1000);
    }
    expect(b.isHeld()).toBe(true);
  });

  it('is never held by two, whatever is slow, dies or pauses, and is held by somebody once all is quiet', async () => {
    const step = fc.record({
      ms: fc.integer({ min: 0, max: 4000 }),
      who: fc.constantFrom(...names),
      does: fc.constantFrom('hold', 'hold', 'hold', 'hold', 'slow', 'fast', 'kill'),
      delay: fc.integer({ min: 0, max: 20_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 200 }), async (steps) => {
        const { store, monotonicMs, pass, delays } = world();
        let born = 0;
        const make = (name: string) => {
          const holder = `${name}${born++}`;
          return { holder, lease: createLease({ store, holder, monotonicMs }) };
        };
        const alive = new Map(names.map((name) => [name, make(name)]));
        const held = () => [...alive.values()].filter(({ lease }) => lease.isHeld()).map(({ holder }) => holder);
        for (const { ms, who, does, delay } of steps) {
          const own = alive.get(who);
          if (own === undefined) continue;
          if (does === 'hold') void own.lease.hold();
          else if (does === 'kill') alive.set(who, make(who));
          else delays.set(own.holder, does === 'slow' ? delay : 0);
          await pass(ms);
          expect(held().length).toBeLessThanOrEqual(1);
        }
        delays.clear();
        for (let second = 0; second < 80; second++) {
          for (const { lease } of alive.values()) void lease.hold();
          await pass(1000);
          expect(held().length).toBeLessThanOrEqual(1);
        }
        expect(held()).toHaveLength(1);
      }),
      { numRuns: Number(process.env.MICHINORI_TEST_RUNS ?? 100) },
    );
  });

  it('is not held while the store is away, and taken up again afterwards', async () => {
    const { store, monotonicMs, pass } = world();
    let isAway = false;
    const flaky: LeaseStore = {
      beat: (...given) => (isAway ? Promise.reject(new Error('away')) : store.beat(...given)),
      read: (...given) => (isAway ? Promise.reject(new Error('away')) : store.read(...given)),
    };
    const lease = createLease({ store: flaky, holder: 'a', monotonicMs });
    const seconds = async (count: number) => {
      for (let i = 0; i < count; i++) {
        void lease.hold();
        await pass(1000);
      }
    };
    await seconds(6);
    expect(lease.isHeld()).toBe(true);
    isAway = true;
    await seconds(20);
    expect(lease.isHeld()).toBe(false);
    isAway = false;
    await seconds(20);
    expect(lease.isHeld()).toBe(true);
  });
});
