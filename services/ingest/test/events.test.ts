import { EventLogError } from '@michinori/event-log';
import { limits, topics } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { setup, startUs, touch } from './helpers.ts';

describe('forms', () => {
  it.each([
    ['one event', touch('a'), 'application/json', ['a']],
    ['an array', [touch('a'), touch('b')], 'application/json', ['a', 'b']],
    ['a batch', { events: [touch('a'), touch('b')] }, 'application/json; charset=utf-8', ['a', 'b']],
    ['lines', `${JSON.stringify(touch('a'))}\n${JSON.stringify(touch('b'))}\n`, 'application/x-ndjson', ['a', 'b']],
  ])('takes %s', async (_name, body, contentType, customers) => {
    const { post, memory } = setup();
    const answer = await post(body, { 'content-type': contentType });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ accepted: customers.length, rejected: [] });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(memory.events().map(({ customer }) => customer)).toEqual(customers);
  });

  it('freezes the time of receipt, which is when the request began', async () => {
    const { post, memory } = setup();
    await post(touch('a'));
    expect(memory.events()[0]).toMatchObject({ receivedAtUs: startUs, occurredAtUs: startUs });
  });

  it('corrects the clock of a client that says when it sent', async () => {
    const { post, memory } = setup();
    const occurredAt = new Date(startUs / 1000 - 7_200_000).toISOString();
    await post({ sentAt: new Date(startUs / 1000 - 3_600_000).toISOString(), events: [touch('a', { occurredAt })] });
    expect(memory.events()[0]?.occurredAtUs).toBe(startUs - 3_600_000_000);
  });

  it('makes ids for events without one', async () => {
    const { post, memory } = setup();
    await post([
      { customer: 'a', touchpoint: 'x' },
      { customer: 'b', touchpoint: 'x', id: 'own' },
    ]);
    expect(memory.events().map(({ id }) => id)).toEqual(['new-1', 'own']);
  });
});

describe('verdicts', () => {
  const mixed = [touch('a'), { id: 'bad', customer: 'b', touchpoint: 'x', nps: 11 }, touch('c'), 7];

  it('keep the good and list the bad, which become dead letters', async () => {
    const { post, memory } = setup();
    const answer = await post(mixed);
    expect(answer.statusCode).toBe(202);
    const { accepted, rejected } = answer.json<{ accepted: number; rejected: Record<string, unknown>[] }>();
    expect(accepted).toBe(2);
    expect(rejected).toEqual([
      { index: 1, id: 'bad', code: 'number_out_of_range', path: '/nps', message: expect.any(String) },
      { index: 3, id: null, code: 'not_an_object', path: '', message: expect.any(String) },
    ]);
    expect(memory.events().map(({ customer }) => customer)).toEqual(['a', 'c']);
    expect(memory.deadLetters()).toMatchObject([
      {
        dialect: 'native',
        receivedAtUs: startUs,
        rejected: { raw: JSON.stringify(mixed[1]), rejection: { index: 1, id: 'bad' } },
      },
      { dialect: 'native', rejected: { raw: '7' } },
    ]);
  });

  it('are 422 when nothing was accepted, and the dead letters are durable all the same', async () => {
    const { post, memory } = setup();
    const answer = await post({ touchpoint: 'x' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ accepted: 0, rejected: [{ index: 0, code: 'customer_required' }] });
    expect(memory.calls).toEqual([topics.deadLetters]);
    expect(memory.deadLetters()).toHaveLength(1);
  });

  it('keep the order of the request and the key of the customer', async () => {
    const { post, memory } = setup();
    const events = Array.from({ length: 500 }, (_, index) => touch(`c${index % 7}`, { id: `e${index}` }));
    await post([...events, { anonymous: 'n', touchpoint: 'x' }]);
    expect(
      memory
        .events()
        .slice(0, 500)
        .map(({ id }) => id),
    ).toEqual(events.map(({ id }) => id));
    expect(memory.records(topics.events)[3]?.key).toBe('c3');
    expect(memory.records(topics.events)[500]?.key).toBe('\0n');
  });

  it('treat __proto__ as data', async () => {
    const { post, memory } = setup();
    await post('{"customer":"a","touchpoint":"x","properties":{"__proto__":"p","constructor":"c"}}');
    expect([...(memory.events()[0]?.properties ?? [])]).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
  });
});

describe('requests that are refused as a whole', () => {
  it.each([
    ['not JSON', '{"customer":', 'application/json', 400, 'invalid_json'],
    ['nothing', '', 'application/json', 400, 'empty_body'],
    ['no events', '[]', 'application/json', 400, 'no_events'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'application/json', 400, 'invalid_utf8'],
    ['another media type', '<a/>', 'application/xml', 415, 'unsupported_media_type'],
    ['another charset', '{}', 'application/json; charset=utf-16', 415, 'unsupported_charset'],
    ['a text', '"x"', 'application/json', 400, 'wrong_type'],
    [
      'too many events',
      JSON.stringify(Array(limits.requestEventsMax + 1).fill(1)),
      'application/json',
      413,
      'too_many_events',
    ],
  ])('%s', async (_name, body, contentType, status, code) => {
    const { post, memory } = setup();
    const answer = await post(body, { 'content-type': contentType });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({
      code,
      status,
      type: `urn:michinori:problem:${code}`,
      detail: expect.stringMatching(/./),
    });
    expect(memory.calls).toEqual([]);
  });

  it('a body whose syntax Fastify would refuse by its content type reaches the reader', async () => {
    const { post } = setup();
    const answer = await post(touch('a'), { 'content-type': 'nonsense' });
    expect(answer.json()).toMatchObject({ code: 'unsupported_media_type' });
  });
});

describe('durability', () => {
  it('is awaited before the answer', async () => {
    const { post, memory } = setup();
    memory.hold();
    let isAnswered = false;
    const posting = post(touch('a')).then((answer) => {
      isAnswered = true;
      return answer;
    });
    while (memory.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    memory.release();
    expect((await posting).statusCode).toBe(202);
  });

  it('of dead letters comes first, so that a repetition can’t count an event without an id twice', async () => {
    const { post, memory } = setup();
    memory.fail(topics.deadLetters, new EventLogError('log_disk_full', 'full'));
    const answer = await post([{ customer: 'a', touchpoint: 'x' }, 7]);
    expect(answer.statusCode).toBe(503);
    expect(memory.events()).toEqual([]);
  });

  it.each([
    ['log_disk_full', 503, 'log_unavailable'],
    ['log_write_failed', 503, 'log_unavailable'],
    ['log_closed', 503, 'log_unavailable'],
    ['log_overloaded', 503, 'overloaded'],
    ['record_too_large', 500, 'internal_error'],
    ['append_too_large', 500, 'internal_error'],
  ] as const)('that fails with %s is answered %i %s', async (failure, status, code) => {
    const { post, memory, metric } = setup();
    memory.fail(topics.events, new EventLogError(failure, 'a secret detail'));
    const answer = await post(touch('a'));
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
    expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
    expect(answer.body).not.toContain('secret detail');
    expect(await metric('michinori_ingest_events_total{dialect="native",outcome="unstored"}')).toBe(1);
    expect(await metric('michinori_ingest_events_total{dialect="native",outcome="accepted"}')).toBe(0);
  });

  it('that takes too long is answered 503, and its memory stays counted until it settles', async () => {
    const { post, memory, metric } = setup({ config: { appendTimeoutMs: 5 } });
    memory.hold();
    const answer = await post(touch('a'));
    expect(answer.json()).toMatchObject({ status: 503, code: 'log_unavailable' });
    expect(await metric('michinori_ingest_inflight_requests')).toBe(1);
    memory.release();
    while ((await metric('michinori_ingest_inflight_requests')) > 0)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await metric('michinori_ingest_inflight_bytes')).toBe(0);
  });

  it('failing shows in readiness, and is forgotten after ten seconds or a success', async () => {
    const { post, memory, app, clock } = setup();
    const ready = async () => (await app.inject('/readyz')).statusCode;
    expect(await ready()).toBe(200);
    memory.fail(topics.events, new EventLogError('log_disk_full', 'full'));
    await post(touch('a'));
    memory.mend();
    expect(await ready()).toBe(503);
    clock.us += 10_000_000;
    expect(await ready()).toBe(200);
    clock.us -= 5_000_000;
    expect(await ready()).toBe(503);
    await post(touch('a'));
    expect(await ready()).toBe(200);
    memory.fail(topics.events, new Error('no answer'));
    expect((await app.inject('/readyz')).body).toContain('no answer');
  });

  it('an error that is no EventLogError is ours', async () => {
    const { post, memory } = setup();
    memory.fail(topics.events, new TypeError('bug'));
    expect((await post(touch('a'))).json()).toMatchObject({ status: 500, code: 'internal_error' });
  });
});

describe('metrics', () => {
  it('count events, requests and bytes by what became of them', async () => {
    const { post, metric } = setup();
    await post([touch('a'), touch('b'), 7]);
    await post('{');
    await post(7);
    expect(await metric('michinori_ingest_events_total{dialect="native",outcome="accepted"}')).toBe(2);
    expect(await metric('michinori_ingest_events_total{dialect="native",outcome="rejected"}')).toBe(1);
    expect(await metric('michinori_ingest_requests_total{dialect="native",outcome="accepted"}')).toBe(1);
    expect(await metric('michinori_ingest_requests_total{dialect="native",outcome="invalid_json"}')).toBe(1);
    expect(await metric('michinori_ingest_request_duration_seconds_count{dialect="native"}')).toBe(3);
    expect(await metric('michinori_ingest_body_size_bytes_count{dialect="native",form="wire"}')).toBe(3);
    expect(await metric('michinori_ingest_inflight_requests')).toBe(0);
    expect(await metric('michinori_ingest_inflight_bytes')).toBe(0);
  });
});
