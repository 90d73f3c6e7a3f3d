import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createClient, journeys, ProblemError, touchpoints } from '../src/index.ts';
import { readRetryAfter, retryWaitMs } from '../src/retry.ts';
import { collect } from './collect.ts';
import { answer, cut, empty, misbehave, problem, reset, silence } from './misbehaving-server.ts';

async function problemOf(asked: Promise<unknown>): Promise<ProblemError> {
  const error = await asked.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw error;
  return error;
}

describe('a question that may be answered soon is asked again', () => {
  it.each([429, 503])('after %i', async (status) => {
    const { url, requests } = await misbehave(problem(status, 'overloaded', { 'retry-after': '0' }), empty);
    expect(await createClient({ url }).ask(touchpoints.list())).toEqual({ rows: [], meta: {} });
    expect(requests).toHaveLength(2);
  });

  it('after a broken connection, with the same body', async () => {
    const { url, requests } = await misbehave(reset, empty);
    await createClient({ url }).ask(journeys.apply('journey: a'));
    expect(requests.map(({ body }) => body)).toEqual(['journey: a', 'journey: a']);
    expect(requests[1]?.headers['content-type']).toBe('text/yaml');
  });

  it('no more often than retriesMax says', async () => {
    const { url, requests } = await misbehave(problem(503, 'starting', { 'retry-after': '0' }));
    const { code, status, retryAfterSeconds } = await problemOf(
      createClient({ url, retriesMax: 1 }).ask(touchpoints.list()),
    );
    expect({ code, status, retryAfterSeconds }).toEqual({ code: 'starting', status: 503, retryAfterSeconds: 0 });
    expect(requests).toHaveLength(2);
  });

  it('not before the server wants it', async () => {
    const statuses = [503, 200];
    const asked = vi.fn(
      async () => new Response('{"rows":[]}', { status: statuses.shift() ?? 200, headers: { 'retry-after': '7' } }),
    );
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const answered = createClient({ url: 'http://api.test', fetch: asked }).ask(touchpoints.list());
    await vi.advanceTimersByTimeAsync(6_999);
    expect(asked).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveBeenCalledTimes(2);
    expect(await answered).toEqual({ rows: [] });
  });

  it('and not at all where it wants more than half a minute', async () => {
    const { url, requests } = await misbehave(problem(503, 'journey_not_ready', { 'retry-after': '31' }), empty);
    const { code, retryAfterSeconds } = await problemOf(createClient({ url }).ask(touchpoints.list()));
    expect({ code, retryAfterSeconds, requests: requests.length }).toEqual({
      code: 'journey_not_ready',
      retryAfterSeconds: 31,
      requests: 1,
    });
  });
});

describe('how long it waits', () => {
  it('doubles from a quarter of a second to half a minute, by chance up to a half less', () => {
    expect([1, 2, 3, 4, 20].map((attempt) => retryWaitMs(attempt, null, 0))).toEqual([250, 500, 1_000, 2_000, 30_000]);
    expect([1, 2, 20].map((attempt) => retryWaitMs(attempt, null, 1))).toEqual([125, 250, 15_000]);
  });

  it('is at least what Retry-After says, as seconds or as a date', () => {
    expect(retryWaitMs(1, 30, 0.5)).toBe(30_000);
    expect(retryWaitMs(1, 30.1, 0.5)).toBeNull();
    expect(readRetryAfter(' 12 ', 0)).toBe(12);
    expect(readRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 15_000)).toBe(45);
    expect(readRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 90_000)).toBe(0);
    expect([null, '', 'soon'].map((header) => readRetryAfter(header, 0))).toEqual([null, null, null]);
  });
});

describe('a question that is refused', () => {
  it('has code, status, title and the places, and is not repeated', async () => {
    const errors = [{ pointer: '/by', message: 'is no segment' }];
    const body = { type: 'urn:x', title: 'Not valid', status: 400, code: 'invalid_request', detail: 'Why.', errors };
    const { url, requests } = await misbehave((response) => void response.writeHead(400).end(JSON.stringify(body)));
    const error = await problemOf(createClient({ url }).ask(touchpoints.list()));
    expect(error).toMatchObject({
      name: 'ProblemError',
      code: 'invalid_request',
      status: 400,
      title: 'Not valid',
      errors,
    });
    expect(error.message).toBe('Why.');
    expect(requests).toHaveLength(1);
  });

  it('by something that is not the query API has the code unexpected_answer', async () => {
    const { url, requests } = await misbehave(
      (response) => void response.writeHead(502).end('<html>Bad gateway</html>'),
    );
    const error = await problemOf(createClient({ url }).ask(touchpoints.list()));
    expect(error).toMatchObject({ code: 'unexpected_answer', status: 502 });
    expect(error.message).toContain('Bad gateway');
    expect(requests).toHaveLength(1);
  });
});

describe('what is no answer', () => {
  it.each(['<html>Sign in</html>', '', 'null', '{"rows":null}', '[]'])('is not taken for one: %s', async (text) => {
    const { url } = await misbehave(answer(text));
    expect(await problemOf(createClient({ url }).ask(touchpoints.list()))).toMatchObject({
      code: 'unexpected_answer',
      status: 200,
    });
  });

  it('a redirect is not followed: it would turn a POST into a GET', async () => {
    const { url, requests } = await misbehave((response) => void response.writeHead(302, { location: '/x' }).end());
    expect(await problemOf(createClient({ url }).ask(journeys.rebuildAll()))).toMatchObject({
      code: 'unexpected_answer',
      status: 302,
    });
    expect(requests).toHaveLength(1);
  });

  it('nobody there', async () => {
    const { url } = await misbehave(reset);
    const error = await problemOf(createClient({ url, retriesMax: 0 }).ask(touchpoints.list()));
    expect(error).toMatchObject({ code: 'no_answer', status: 0 });
    expect(error.message).toContain(url);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('one that ends too early', async () => {
    const { url } = await misbehave(cut('{"rows":[{"touchpoint":'));
    expect(await problemOf(createClient({ url }).ask(touchpoints.list()))).toMatchObject({
      code: 'answer_cut',
      status: 200,
    });
  });
});

describe('a stream', () => {
  const headers = { 'michinori-meta': '{"watermark":"\\u00e9"}' };

  it('gives the rows that came before it was cut, and then says so', async () => {
    const { url } = await misbehave(cut('{"touchpoint":"a"}\n{"touchpoint":"b"}\n{"touch', headers));
    const { meta, rows } = await createClient({ url }).stream(touchpoints.list());
    expect(meta).toEqual({ watermark: 'é' });
    const seen: string[] = [];
    const read = async () => {
      for await (const { touchpoint } of rows) seen.push(touchpoint);
    };
    expect(await problemOf(read())).toMatchObject({ code: 'answer_cut' });
    expect(seen).toEqual(['a', 'b']);
  });

  it('joins lines and characters that arrive in pieces', async () => {
    const bytes = new TextEncoder().encode('{"touchpoint":"道のり"}\n\n{"touchpoint":"last"}');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const client = createClient({ url: 'http://api.test', fetch: async () => new Response(body, { headers }) });
    const { rows } = await client.stream(touchpoints.list());
    expect(await collect(rows)).toEqual([{ touchpoint: '道のり' }, { touchpoint: 'last' }]);
  });

  it('ends when its reader leaves', async () => {
    const cancel = vi.fn();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('{"touchpoint":"again"}\n')),
      cancel,
    });
    const client = createClient({ url: 'http://api.test', fetch: async () => new Response(body, { headers }) });
    const { rows } = await client.stream(touchpoints.list());
    for await (const { touchpoint } of rows) if (touchpoint === 'again') break;
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('without meta is not an answer', async () => {
    const { url } = await misbehave(answer('{"touchpoint":"a"}\n'));
    expect(await problemOf(createClient({ url }).stream(touchpoints.list()))).toMatchObject({
      code: 'unexpected_answer',
    });
    expect(await problemOf(createClient({ url }).csv(touchpoints.list()))).toMatchObject({ code: 'unexpected_answer' });
  });
});

describe('a signal', () => {
  it('ends a question that is not answered', async () => {
    const { url, next } = await misbehave(silence);
    const abort = new AbortController();
    const asked = createClient({ url, retriesMax: 0 }).ask(touchpoints.list(), { signal: abort.signal });
    await next();
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  it('ends the wait before the next attempt', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const abort = new AbortController();
    const asked = vi.fn(async () => new Response('{}', { status: 503, headers: { 'retry-after': '29' } }));
    const answered = createClient({ url: 'http://api.test', fetch: asked }).ask(touchpoints.list(), abort);
    const rejected = expect(answered).rejects.toBe('enough');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(vi.getTimerCount()).toBe(1);
    abort.abort('enough');
    await rejected;
    expect(vi.getTimerCount()).toBe(0);
    expect(asked).toHaveBeenCalledOnce();
  });

  it('lets no wait begin', async () => {
    const abort = new AbortController();
    const asked = vi.fn(async () => {
      abort.abort('enough');
      return new Response('{}', { status: 503, headers: { 'retry-after': '29' } });
    });
    const answered = createClient({ url: 'http://api.test', fetch: asked }).ask(touchpoints.list(), abort);
    await expect(answered).rejects.toBe('enough');
  });

  it('that is aborted before sends nothing', async () => {
    const { url, requests } = await misbehave(empty);
    const asked = createClient({ url }).ask(touchpoints.list(), { signal: AbortSignal.abort('before') });
    await expect(asked).rejects.toBe('before');
    expect(requests).toHaveLength(0);
  });
});
