import { describe, expect, it } from 'vitest';
import { createOutbox, type Delivery, type Outcome } from '../../src/index.ts';
import { virtualClock } from '../channels/clock.ts';
import { episode, notification } from '../channels/notifications.ts';
import { memoryStore } from './memory-store.ts';
import { delivered, playedChannel, refused, retry } from './receivers.ts';

const minuteMs = 60_000;
const inTime = { timeout: 30_000, interval: 5 };
const [firing, resolved] = episode();
const other = episode({ segment: { by: 'plan', value: 'free' } });

describe('an outbox', () => {
  it('remembers before it sends, and sends nothing before the tick', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const outbox = createOutbox({ store, channels: [channel], clock: virtualClock() });
    await outbox.enqueue([firing]);
    expect([channel.attempts, store.states()]).toEqual([[], ['firing a waiting']]);
    await outbox.tick();
    expect([channel.turns, store.states()]).toEqual([['firing 1'], ['firing a delivered']]);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1']);
  });

  it('sends everything to every channel that accepts it', async () => {
    const store = memoryStore();
    const all = playedChannel('all');
    const some = playedChannel('some', { accepts: ({ alert }) => alert === 'b' });
    const outbox = createOutbox({ store, channels: [all, some], clock: virtualClock() });
    await outbox.enqueue([firing, notification({ alert: 'b' })]);
    await outbox.tick();
    expect([all.attempts.length, some.attempts.length]).toEqual([2, 1]);
  });

  it('sends to the channels that are named, and keeps what is for one that is not there yet', async () => {
    const store = memoryStore();
    const [a, b, late] = [playedChannel('a'), playedChannel('b', { accepts: () => false }), playedChannel('late')];
    const clock = virtualClock();
    const outbox = createOutbox({ store, channels: [a, b, playedChannel('c')], clock });
    await outbox.enqueue([firing], ['a', 'b', 'late', 'a']);
    await outbox.tick();
    expect(store.states()).toEqual(['firing a delivered', 'firing late waiting']);
    await createOutbox({ store, channels: [a, late], clock }).tick();
    expect([a.turns, late.turns]).toEqual([['firing 1'], ['firing 1']]);
  });

  it('takes an id once, whenever it comes', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const clock = virtualClock();
    const outbox = createOutbox({ store, channels: [channel], clock });
    await Promise.all([outbox.enqueue([firing]), outbox.enqueue([firing])]);
    await outbox.tick();
    await outbox.enqueue([firing, resolved]);
    await outbox.tick();
    const again = createOutbox({ store, channels: [channel], clock });
    await again.enqueue([firing, resolved]);
    await again.tick();
    expect(channel.turns).toEqual(['firing 1', 'resolved 1']);
  });

  it('tries again exactly when it is due, and not before', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const clock = virtualClock();
    const outbox = createOutbox({ store, channels: [channel], clock });
    channel.play((_notification, attempt) => (attempt < 3 ? retry(attempt * minuteMs) : delivered));
    await outbox.enqueue([firing]);
    const turns: number[] = [];
    for (const waitMs of [0, minuteMs - 1, 1, 2 * minuteMs - 1, 1, 100 * minuteMs]) {
      clock.advanceMs(waitMs);
      await outbox.tick();
      turns.push(channel.turns.length);
    }
    expect(turns).toEqual([1, 1, 2, 2, 3, 3]);
    expect(channel.turns).toEqual(['firing 1', 'firing 2', 'firing 3']);
  });

  it('keeps a refused one as a dead letter, and goes on with what follows', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const outbox = createOutbox({ store, channels: [channel], clock: virtualClock() });
    channel.play(({ state }) => (state === 'firing' ? refused : delivered));
    await outbox.enqueue([firing, resolved]);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1', 'resolved 1']);
    expect(store.states()).toEqual(['firing a refused', 'resolved a delivered']);
    expect(store.rows()[0]).toMatchObject({ reason: 'payload_refused', detail: '400', attempts: 1 });
  });

  it('never lets an end overtake its beginning, while other series go on', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const clock = virtualClock();
    const outbox = createOutbox({ store, channels: [channel], clock });
    channel.play(({ id }, attempt) => (id === firing.id && attempt < 3 ? retry(10 * minuteMs) : delivered));
    await outbox.enqueue([firing]);
    await outbox.tick();
    await outbox.enqueue([resolved, ...other]);
    for (let minute = 0; minute < 25; minute++) {
      clock.advanceMs(minuteMs);
      await outbox.tick();
    }
    const name = (attempt: string) =>
      attempt
        .replace(firing.id, 'A')
        .replace(resolved.id, 'A')
        .replace(/[0-9a-f]{32}/, 'B');
    expect(channel.attempts.map(name)).toEqual([
      'firing A',
      'firing B',
      'resolved B',
      'firing A',
      'firing A',
      'resolved A',
    ]);
  });

  it('keeps the order of what it is given at once, however slow the store is', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const releases: (() => void)[] = [];
    const append = async (deliveries: readonly Delivery[]) => {
      if (deliveries[0]?.notification.state === 'firing') await new Promise<void>((resolve) => releases.push(resolve));
      return store.append(deliveries);
    };
    const outbox = createOutbox({ store: { ...store, append }, channels: [channel], clock: virtualClock() });
    const both = [outbox.enqueue([firing]), outbox.enqueue([resolved])];
    await expect.poll(() => releases.length, inTime).toBe(1);
    await outbox.tick();
    expect(channel.turns).toEqual([]);
    releases[0]?.();
    await Promise.all(both);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1', 'resolved 1']);
  });

  it('keeps the order although the clock was set back meanwhile', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const clock = virtualClock();
    await createOutbox({ store, channels: [channel], clock }).enqueue([firing]);
    clock.advanceMs(-60 * minuteMs);
    const outbox = createOutbox({ store, channels: [channel], clock });
    await outbox.enqueue([resolved]);
    await outbox.tick();
    clock.advanceMs(60 * minuteMs);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1', 'resolved 1']);
  });

  it('holds up nobody when a receiver hangs', async () => {
    const store = memoryStore();
    const [hanging, well] = [playedChannel('hanging'), playedChannel('well')];
    const outbox = createOutbox({ store, channels: [hanging, well], clock: virtualClock() });
    let release: (outcome: Outcome) => void = () => {};
    hanging.play(() => new Promise((resolve) => (release = resolve)));
    await outbox.enqueue([firing]);
    const first = outbox.tick();
    await expect.poll(() => store.states(), inTime).toEqual(['firing hanging waiting', 'firing well delivered']);
    await outbox.enqueue([resolved]);
    const second = outbox.tick();
    await expect.poll(() => store.states()[3], inTime).toBe('resolved well delivered');
    expect(hanging.turns).toEqual(['firing 1']);
    hanging.play(() => delivered);
    release(delivered);
    await Promise.all([first, second]);
    expect(hanging.turns).toEqual(['firing 1', 'resolved 1']);
  });

  it('leaves a receiver alone that asked for quiet, also with what is new', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const clock = virtualClock();
    const outbox = createOutbox({ store, channels: [channel], clock });
    channel.play(() => ({ ...retry(5 * minuteMs), isPause: true }));
    await outbox.enqueue([firing, ...other]);
    await outbox.tick();
    clock.advanceMs(5 * minuteMs - 1);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1']);
    channel.play(() => delivered);
    clock.advanceMs(1);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1', 'firing 1', 'resolved 1', 'firing 2']);
  });

  it('counts a channel that throws as a failure of that channel', async () => {
    const store = memoryStore();
    const [broken, well] = [playedChannel('broken'), playedChannel('well')];
    broken.play(() => {
      throw new TypeError('bug');
    });
    const outbox = createOutbox({ store, channels: [broken, well], clock: virtualClock() });
    await outbox.enqueue([firing]);
    await outbox.tick();
    expect(store.rows().map(({ state, reason, detail }) => [state, reason, detail])).toEqual([
      ['waiting', 'sender_failed', 'bug'],
      ['delivered', null, ''],
    ]);
  });

  it('leaves what waits for a channel alone that is not configured, until it is', async () => {
    const store = memoryStore();
    const [a, b] = [playedChannel('a'), playedChannel('b')];
    const clock = virtualClock();
    await createOutbox({ store, channels: [a, b], clock }).enqueue([firing]);
    await createOutbox({ store, channels: [a], clock }).tick();
    expect(store.states()).toEqual(['firing a delivered', 'firing b waiting']);
    await createOutbox({ store, channels: [a, b], clock }).tick();
    expect([a.turns, b.turns]).toEqual([['firing 1'], ['firing 1']]);
  });
});

describe('an outbox of a channel where the state counts', () => {
  const again: Outcome = { outcome: 'delivered', againAfterMs: minuteMs };
  const setUp = () => {
    const store = memoryStore();
    const channel = playedChannel('am', { tells: 'state' });
    channel.play(({ state }) => (state === 'firing' ? again : delivered));
    const clock = virtualClock();
    return { store, channel, clock, outbox: createOutbox({ store, channels: [channel], clock }) };
  };

  it('says again what fires until it is over, and remembers that once', async () => {
    const { store, channel, clock, outbox } = setUp();
    await outbox.enqueue([firing]);
    for (let minute = 0; minute < 4; minute++) {
      await outbox.tick();
      clock.advanceMs(minuteMs);
    }
    expect(channel.turns).toEqual(Array(4).fill('firing 1'));
    expect(store.recorded).toEqual(['firing standing']);
    await outbox.enqueue([resolved]);
    for (let minute = 0; minute < 4; minute++) {
      await outbox.tick();
      clock.advanceMs(minuteMs);
    }
    expect(channel.turns.slice(4)).toEqual(['resolved 1']);
    expect(store.states()).toEqual(['firing am replaced', 'resolved am delivered']);
  });

  it('goes on saying so after a restart', async () => {
    const { store, channel, clock, outbox } = setUp();
    await outbox.enqueue([firing]);
    await outbox.tick();
    clock.advanceMs(30 * minuteMs);
    const restarted = createOutbox({ store, channels: [channel], clock });
    await restarted.tick();
    clock.advanceMs(minuteMs);
    await restarted.tick();
    expect(channel.turns).toEqual(Array(3).fill('firing 1'));
    await restarted.enqueue([resolved]);
    await restarted.tick();
    expect(store.states()).toEqual(['firing am replaced', 'resolved am delivered']);
  });

  it('goes on trying when it can not say so again', async () => {
    const { channel, clock, outbox } = setUp();
    await outbox.enqueue([firing]);
    await outbox.tick();
    channel.play(() => retry(1000));
    clock.advanceMs(minuteMs);
    await outbox.tick();
    clock.advanceMs(1000);
    channel.play(() => again);
    await outbox.tick();
    clock.advanceMs(minuteMs);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1', 'firing 1', 'firing 2', 'firing 1']);
  });

  it('does not announce what is over already', async () => {
    const { store, channel, clock, outbox } = setUp();
    channel.play(() => retry(minuteMs));
    await outbox.enqueue([firing]);
    await outbox.tick();
    channel.play(() => delivered);
    await outbox.enqueue([resolved]);
    clock.advanceMs(minuteMs);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1', 'resolved 1']);
    expect(store.states()).toEqual(['firing am replaced', 'resolved am delivered']);
  });
});

describe('an outbox whose store fails', () => {
  it('takes nothing that is not durable', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const outbox = createOutbox({ store, channels: [channel], clock: virtualClock() });
    store.fail('append');
    await expect(outbox.enqueue([firing])).rejects.toThrow('the store is down');
    await outbox.tick();
    expect(channel.turns).toEqual([]);
    store.fail(null);
    await outbox.enqueue([firing]);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1']);
  });

  it('sends what was stored although it was told otherwise, once it knows', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const outbox = createOutbox({ store, channels: [channel], clock: virtualClock() });
    store.fail('append', { isDone: true });
    await expect(outbox.enqueue([firing])).rejects.toThrow('the store is down');
    store.fail(null);
    await outbox.enqueue([firing]);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1']);
  });

  it('does not send again what arrives while it looks at the store anew', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    let look = store.unfinished;
    const outbox = createOutbox({
      store: { ...store, unfinished: () => look() },
      channels: [channel],
      clock: virtualClock(),
    });
    let release: (outcome: Outcome) => void = () => {};
    channel.play(() => new Promise((resolve) => (release = resolve)));
    await outbox.enqueue([firing]);
    const ticking = outbox.tick();
    await expect.poll(() => channel.turns, inTime).toEqual(['firing 1']);
    store.fail('append');
    await expect(outbox.enqueue(other)).rejects.toThrow();
    store.fail(null);

    const seen = await store.unfinished();
    let show: () => void = () => {};
    look = () => new Promise((resolve) => (show = () => resolve(seen)));
    const looking = outbox.tick();
    channel.play(() => delivered);
    release(delivered);
    await ticking;
    show();
    await looking;
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1']);
  });

  it('does not send again what it can not record, and nothing else before', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const outbox = createOutbox({ store, channels: [channel], clock: virtualClock() });
    await outbox.enqueue([firing, resolved]);
    store.fail('record');
    for (let tick = 0; tick < 3; tick++) await outbox.tick();
    expect(channel.turns).toEqual(['firing 1']);
    store.fail(null);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1', 'resolved 1']);
    expect(store.states()).toEqual(['firing a delivered', 'resolved a delivered']);
  });

  it('waits for it at the start', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const clock = virtualClock();
    await createOutbox({ store, channels: [channel], clock }).enqueue([firing]);
    const outbox = createOutbox({ store, channels: [channel], clock });
    store.fail('unfinished');
    await outbox.tick();
    store.fail(null);
    await outbox.tick();
    expect(channel.turns).toEqual(['firing 1']);
  });
});

describe('an outbox that dies', () => {
  it('between sending and recording: the next one sends the same id again', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const clock = virtualClock();
    const first = createOutbox({ store, channels: [channel], clock });
    await first.enqueue([firing, resolved]);
    store.fail('record');
    await first.tick();
    store.fail(null);
    await createOutbox({ store, channels: [channel], clock }).tick();
    expect(channel.attempts).toEqual([firing, firing, resolved].map(({ state, id }) => `${state} ${id}`));
  });

  it('in the middle of a schedule: the next one goes on where it was', async () => {
    const store = memoryStore();
    const channel = playedChannel('a');
    const clock = virtualClock();
    const first = createOutbox({ store, channels: [channel], clock });
    channel.play(() => retry(10 * minuteMs));
    await first.enqueue([firing]);
    await first.tick();
    const second = createOutbox({ store, channels: [channel], clock });
    await second.tick();
    expect(channel.turns).toEqual(['firing 1']);
    clock.advanceMs(10 * minuteMs);
    await second.tick();
    expect(channel.turns).toEqual(['firing 1', 'firing 2']);
  });

  it('in order: what was under way is decided by the next one, what was delivered is not', async () => {
    const store = memoryStore();
    const [hanging, quick] = [playedChannel('hanging'), playedChannel('quick')];
    const clock = virtualClock();
    const first = createOutbox({ store, channels: [hanging, quick], clock });
    hanging.play(
      (_notification, _attempt, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(retry(minuteMs)))),
    );
    await first.enqueue([firing]);
    const ticking = first.tick();
    await expect.poll(() => hanging.turns, inTime).toEqual(['firing 1']);
    await first.stop();
    await ticking;
    await first.tick();
    expect(store.rows().map(({ state, attempts }) => [state, attempts])).toEqual([
      ['waiting', 0],
      ['delivered', 0],
    ]);
    hanging.play(() => delivered);
    await createOutbox({ store, channels: [hanging, quick], clock }).tick();
    expect(hanging.turns).toEqual(['firing 1', 'firing 1']);
    expect(quick.turns).toEqual(['firing 1']);
  });
});
