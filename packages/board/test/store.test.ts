import { type Answer, ProblemError, type Question } from '@michinori/client';
import { describe, expect, it } from 'vitest';
import { createStore, retryAfterMs, type Timers } from '../src/app/data/store.ts';

const question = (path: string): Question<number, unknown> => ({ method: 'GET', path });
const problem = (status: number, code = 'code', retryAfterSeconds: number | null = null) =>
  new ProblemError({ code, status, title: '', detail: '', retryAfterSeconds });

/** A clock that is turned by hand. */
function handTimers() {
  let nowMs = 0;
  let due: { at: number; run: () => void }[] = [];
  const timers: Timers = {
    nowMs: () => nowMs,
    set(run, afterMs) {
      const timer = { at: nowMs + afterMs, run };
      due.push(timer);
      return timer;
    },
    clear(timer) {
      due = due.filter((one) => one !== timer);
    },
  };
  return {
    timers,
    waiting: () => due.length,
    async pass(ms: number) {
      const until = nowMs + ms;
      for (;;) {
        const [next] = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        nowMs = next.at;
        due = due.filter((one) => one !== next);
        next.run();
        await settle();
      }
      nowMs = until;
    },
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A store over a server that answers with the number of the request, or as it is told. */
function storeOver(keptMax = 10) {
  const clock = handTimers();
  const asked: string[] = [];
  const signals: AbortSignal[] = [];
  let reply: (count: number) => unknown = (count) => ({ rows: [count], meta: null });
  const store = createStore({
    client: {
      async ask<Row, Meta>({ path }: Question<Row, Meta>, options?: { signal?: AbortSignal | undefined }) {
        asked.push(path);
        if (options?.signal) signals.push(options.signal);
        const answer = await reply(asked.length);
        if (answer instanceof Error) throw answer;
        return answer as Answer<Row, Meta>;
      },
    },
    timers: clock.timers,
    refreshMs: 60_000,
    keptMax,
  });
  return { store, asked, signals, ...clock, replyWith: (next: typeof reply) => (reply = next) };
}

describe('the store of answers', () => {
  it('asks once however many watch, and tells all of them', async () => {
    const { store, asked } = storeOver();
    let told = 0;
    store.watch(question('/a'), () => told++);
    store.watch(question('/a'), () => told++);
    expect(store.known(question('/a'))).toMatchObject({ answer: null, isAsking: true });
    await settle();
    expect(asked).toEqual(['/a']);
    expect(told).toBeGreaterThanOrEqual(2);
    expect(store.known(question('/a'))).toMatchObject({ answer: { rows: [1] }, isAsking: false, error: null });
  });

  it('asks a watched question again every minute, and keeps the old answer meanwhile', async () => {
    const { store, asked, pass, replyWith } = storeOver();
    store.watch(question('/a'), () => {});
    await settle();
    replyWith(() => new Promise(() => {}));
    await pass(59_999);
    expect(asked.length).toBe(1);
    await pass(1);
    expect(asked.length).toBe(2);
    expect(store.known(question('/a'))).toMatchObject({ answer: { rows: [1] }, isAsking: true });
  });

  it('keeps the rows themselves while they say the same, so that nothing is drawn again', async () => {
    const { store, pass, replyWith } = storeOver();
    const rowsNow = () => store.known(question('/a')).answer?.rows;
    replyWith((count) => ({ rows: [{ n: 1 }], meta: count }));
    store.watch(question('/a'), () => {});
    await settle();
    const first = rowsNow();
    await pass(60_000);
    expect(rowsNow()).toBe(first);
    expect(store.known(question('/a')).answer?.meta).toBe(2);
    replyWith(() => ({ rows: [{ n: 2 }], meta: null }));
    await pass(60_000);
    expect(rowsNow()).toEqual([{ n: 2 }]);
  });

  it('shows the last answer through an outage, and is whole again by itself', async () => {
    const { store, asked, pass, replyWith } = storeOver();
    store.watch(question('/a'), () => {});
    await settle();
    replyWith(() => problem(0, 'no_answer'));
    await pass(60_000);
    expect(store.known(question('/a'))).toMatchObject({
      answer: { rows: [1] },
      error: { code: 'no_answer' },
      answeredAtMs: 0,
    });
    await pass(10 * 60_000);
    const during = asked.length;
    expect(during).toBeGreaterThan(10);
    expect(during).toBeLessThan(18);
    replyWith((count) => ({ rows: [count], meta: null }));
    await pass(60_000);
    expect(store.known(question('/a'))).toMatchObject({ error: null, answer: { rows: [expect.any(Number)] } });
    expect(store.known(question('/a')).answer?.rows).not.toEqual([1]);
  });

  it('does not ask again what was refused for good', async () => {
    const { store, asked, pass, replyWith } = storeOver();
    replyWith(() => problem(400, 'invalid_request'));
    store.watch(question('/a'), () => {});
    await settle();
    await pass(3_600_000);
    expect(asked.length).toBe(1);
    store.refresh();
    await settle();
    expect(asked.length).toBe(2);
  });

  it('ends a request and its timer with the last watcher, and asks nothing more', async () => {
    const { store, asked, signals, pass, waiting, replyWith } = storeOver();
    replyWith(() => new Promise(() => {}));
    const stop = store.watch(question('/a'), () => {});
    stop();
    expect(signals[0]?.aborted).toBe(true);
    await pass(600_000);
    expect([asked.length, waiting()]).toEqual([1, 0]);
  });

  it('gives a fresh answer to who comes back, without a request', async () => {
    const { store, asked, pass } = storeOver();
    const stop = store.watch(question('/a'), () => {});
    await settle();
    stop();
    await pass(30_000);
    store.watch(question('/a'), () => {});
    expect(store.known(question('/a'))).toMatchObject({ answer: { rows: [1] } });
    expect(asked.length).toBe(1);
    await pass(30_000);
    expect(asked.length).toBe(2);
  });

  it('forgets what was not used for long', async () => {
    const { store } = storeOver(3);
    for (const path of ['/a', '/b', '/c', '/d', '/e']) {
      const stop = store.watch(question(path), () => {});
      await settle();
      stop();
    }
    const kept = ['/a', '/b', '/c', '/d', '/e'].filter((path) => store.known(question(path)).answer !== null);
    expect(kept).toEqual(['/c', '/d', '/e']);
  });

  it('waits longer after each failure, up to a minute, and as long as the server says', () => {
    const waits = [1, 2, 3, 4, 5, 6, 60].map((failures) => retryAfterMs(problem(503), failures));
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(retryAfterMs(problem(429, 'overloaded', 90), 1)).toBe(90_000);
    for (const status of [400, 401, 404, 422]) expect(retryAfterMs(problem(status), 1)).toBeNull();
  });
});
