import { connect } from 'node:net';
import type { ClickHouse } from '@michinori/clickhouse';
import { describe, expect, it } from 'vitest';
import { questionNames } from '../src/question-desk.ts';
import { questionPaths } from '../src/routes/paths.ts';
import { apiOver, twoSteps } from './world.ts';

const path = '/v1/touchpoints';

/** A store that answers when it is told to. */
function slowStore() {
  const waiting: (() => void)[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const arrived: (() => void)[] = [];
  const store = {
    query: (query: { name: string }, _params: unknown, options?: { signal?: AbortSignal }) => {
      if (query.name === 'watermark' || query.name === 'identity-state') return Promise.resolve([]);
      signals.push(options?.signal);
      for (const tell of arrived.splice(0)) tell();
      return new Promise((resolve) => waiting.push(() => resolve([])));
    },
    ping: () => Promise.resolve(),
  } as unknown as ClickHouse;
  return {
    store,
    signals,
    answer: () => waiting.shift()?.(),
    untilAsked: async (times: number) => {
      while (signals.length < times) await new Promise<void>((resolve) => arrived.push(resolve));
    },
  };
}

describe('a stopping service', () => {
  it('answers what it has begun, and turns new questions away with 503', async () => {
    const slow = slowStore();
    const api = apiOver(slow.store);
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const first = fetch(`${url}${path}`);
    await slow.untilAsked(1);
    let isDrained = false;
    const drained = api.drain().then(() => {
      isDrained = true;
    });
    const second = await fetch(`${url}${path}`);
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await second.json()).toMatchObject({ code: 'draining' });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(isDrained).toBe(false);
    slow.answer();
    expect((await first).status).toBe(200);
    await drained;
  });

  it('is drained at once when nothing is under way', async () => {
    await apiOver(slowStore().store).drain();
  });
});

describe('a crowd', () => {
  it('is served as far as there are places, and told to come back beyond', async () => {
    const slow = slowStore();
    const { app } = apiOver(slow.store, { runningMax: 1, waitingMax: 1 });
    const ask = () => app.inject(path).then((answer) => answer);
    const running = ask();
    await slow.untilAsked(1);
    const others = [ask(), ask()];
    const turnedAway = await Promise.race(others);
    expect(turnedAway.json()).toMatchObject({ status: 503, code: 'overloaded' });
    expect(turnedAway.headers['retry-after']).toBe('2');
    slow.answer();
    expect((await running).statusCode).toBe(200);
    await slow.untilAsked(2);
    slow.answer();
    expect((await Promise.all(others)).map(({ statusCode }) => statusCode).sort()).toEqual([200, 503]);
  });
});

describe('an asker who goes away', () => {
  it('stops the question and leaves the service as it was', async () => {
    const slow = slowStore();
    const api = apiOver(slow.store, { runningMax: 1, waitingMax: 1 });
    const { port, hostname } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await slow.untilAsked(1);
    const [signal] = slow.signals;
    const gone = new Promise((resolve) => signal?.addEventListener('abort', resolve));
    socket.destroy();
    await gone;
    slow.answer();
    const next = fetch(`http://${hostname}:${port}${path}`);
    await slow.untilAsked(2);
    slow.answer();
    expect((await next).status).toBe(200);
  });
});

describe('metrics', () => {
  it('measures every question under a name of the closed list', async () => {
    const slow = slowStore();
    const api = apiOver({ ...slow.store, query: () => Promise.resolve([]) } as ClickHouse);
    await api.post('/v1/funnels/query', twoSteps);
    await api.post('/v1/funnels/time-to-convert', { ...twoSteps, fromStep: 1, toStep: 2 });
    await api.post('/v1/funnels/customers', { ...twoSteps, step: 1 });
    await api.post('/v1/alerts/backtest', { alert: 'any' });
    for (const path of questionPaths) await api.app.inject(path.replace(/\{\w+\}/, 'any'));
    const { body } = await api.app.inject('/metrics');
    const counted = [...body.matchAll(/^michinori_query_duration_seconds_count\{query="([^"]+)"\} [1-9]/gm)];
    expect(counted.map((match) => match[1]).sort()).toEqual([...questionNames].sort());
  });
});
