import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { limits } from '@michinori/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problems } from '../src/index.ts';
import { setup, touch } from './helpers.ts';

const plain = Buffer.from(
  JSON.stringify([touch('a'), touch('b', { properties: { filler: randomBytes(2000).toString('hex') } })]),
);
const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 60);

const encoders = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  identity: (bytes: Buffer) => bytes,
};

describe('content encodings', () => {
  it.each(Object.entries(encoders))('%s', async (encoding, encode) => {
    const { post, memory } = setup();
    expect((await post(encode(plain), { 'content-encoding': encoding })).statusCode).toBe(202);
    expect(memory.events()).toHaveLength(2);
  });

  it.each([
    ['raw deflate, which old clients send', 'deflate', deflateRawSync(plain)],
    ['several, undone in reverse', 'gzip, br', brotliCompressSync(gzipSync(plain))],
    ['several with identity between', 'deflate, identity, GZIP', gzipSync(deflateSync(plain))],
    [
      'a gzip body of two members',
      'gzip',
      Buffer.concat([gzipSync(plain.subarray(0, 9)), gzipSync(plain.subarray(9))]),
    ],
    ['a gzip body padded with zeros', 'gzip', Buffer.concat([gzipSync(plain), Buffer.alloc(9)])],
    ['an empty header', ' , ', plain],
  ])('%s', async (_name, encoding, body) => {
    const { post, memory } = setup();
    expect((await post(body, { 'content-encoding': encoding })).statusCode).toBe(202);
    expect(memory.events()).toHaveLength(2);
  });

  it.each(['zstd', 'compress', 'gzip, gzip, gzip, gzip', '\u00e9', 'toString'])(
    '%s is 415, with those that are known',
    async (encoding) => {
      const { post, memory } = setup();
      const answer = await post(plain, { 'content-encoding': encoding });
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([415, 'unsupported_encoding']);
      expect(answer.headers['accept-encoding']).toBe('gzip, deflate, br');
      expect(memory.calls).toEqual([]);
    },
  );

  it.each(['gzip', 'deflate', 'br'] as const)('a cut %s body says how far it went', async (encoding) => {
    const { post, memory } = setup();
    const whole = encoders[encoding](plain);
    for (const length of [1, whole.length >> 1, whole.length - 1]) {
      const answer = await post(whole.subarray(0, length), { 'content-encoding': encoding });
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ code: 'invalid_encoding' });
      expect(answer.json<{ detail: string }>().detail).toMatch(
        new RegExp(`cut off after its ${length} bytes; \\d+ bytes could be inflated`),
      );
    }
    expect(memory.calls).toEqual([]);
  });

  it.each([
    ['plain text as gzip', 'gzip', plain],
    ['plain text as br', 'br', plain],
    ['garbage after gzip', 'gzip', Buffer.concat([gzipSync(plain), Buffer.from('garbage')])],
    ['garbage after deflate', 'deflate', Buffer.concat([deflateSync(plain), Buffer.from('garbage')])],
    ['garbage after br', 'br', Buffer.concat([brotliCompressSync(plain), Buffer.from('garbage')])],
    [
      'a gzip body with a wrong checksum',
      'gzip',
      Buffer.from(gzipSync(plain).map((byte, index, all) => (index === all.length - 6 ? byte ^ 255 : byte))),
    ],
  ])('%s is 400', async (_name, encoding, body) => {
    const { post, memory } = setup();
    expect((await post(body, { 'content-encoding': encoding })).json()).toMatchObject({
      status: 400,
      code: 'invalid_encoding',
    });
    expect(memory.calls).toEqual([]);
  });

  it('an encoded empty body is an empty body', async () => {
    const { post } = setup();
    expect((await post('', { 'content-encoding': 'gzip' })).json()).toMatchObject({ code: 'empty_body' });
    expect((await post(gzipSync(''), { 'content-encoding': 'gzip' })).json()).toMatchObject({ code: 'empty_body' });
  });
});

describe('sizes', () => {
  const padded = (bytes: number) => {
    const text = JSON.stringify([touch('a')]);
    return Buffer.from(text.padEnd(bytes, ' '));
  };

  it('the limit is the limit: exactly 4 MiB passes, one byte more does not', async () => {
    const { post } = setup();
    expect((await post(padded(limits.requestBytesMax))).statusCode).toBe(202);
    expect((await post(padded(limits.requestBytesMax + 1))).json()).toMatchObject({
      status: 413,
      code: 'request_too_large',
    });
    const headers = { 'content-encoding': 'gzip' };
    expect((await post(gzipSync(padded(limits.requestBytesMax)), headers)).statusCode).toBe(202);
    expect((await post(gzipSync(padded(limits.requestBytesMax + 1)), headers)).json()).toMatchObject({
      status: 413,
      code: 'request_too_large',
    });
  });

  it.each([
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['deflate', (bytes: Buffer) => deflateSync(bytes)],
    ['br', (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
    [
      'br, gzip',
      (bytes: Buffer) => gzipSync(brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })),
    ],
  ])('a bomb in %s is 413, and what is held meanwhile is bounded', async (encoding, encode) => {
    const { post, metric } = setup({ config: { inflightBytesMax: limits.requestBytesMax * 3 } });
    const bomb = encode(Buffer.alloc(64 << 20));
    const before = process.memoryUsage().arrayBuffers;
    const answer = await post(bomb, { 'content-encoding': encoding });
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(answer.json()).toMatchObject({ status: 413, code: 'request_too_large' });
    expect(grown).toBeLessThan(32 << 20);
    expect(await metric('michinori_ingest_inflight_bytes')).toBe(0);
  });

  it('bodies beyond the memory for them are 503', async () => {
    const { post } = setup({ config: { inflightBytesMax: 10_000 } });
    const big = JSON.stringify(touch('a', { properties: { x: 'y'.repeat(20_000) } }));
    for (const answer of [await post(big), await post(gzipSync(big), { 'content-encoding': 'gzip' })]) {
      expect(answer.json()).toMatchObject({ status: 503, code: 'overloaded' });
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect((await post(touch('a'))).statusCode).toBe(202);
  });
});

describe('whatever headers and bytes arrive', () => {
  const encoding = fc.array(
    fc.oneof(fc.constantFrom('gzip', 'deflate', 'br', 'identity', 'GZIP', ''), fc.stringMatching(/^[!-~]{0,12}$/)),
    { maxLength: 4 },
  );
  const header = fc.stringMatching(/^[ -~]{0,60}$/);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    fc
      .tuple(fc.constantFrom(...Object.values(encoders)), fc.nat(400))
      .map(([encode, cut]) => encode(plain).subarray(0, cut)),
    fc.json().map((text) => Buffer.from(text)),
    fc.constantFrom(...Object.values(encoders)).map((encode) => encode(plain)),
  );

  it('the answer is one of the documented ones, and 202 exactly when something was stored', async () => {
    const { post, memory, metric } = setup();
    await fc.assert(
      fc.asyncProperty(encoding, header, bytes, async (codings, contentType, body) => {
        const before = memory.events().length;
        const answer = await post(body, { 'content-encoding': codings.join(', '), 'content-type': contentType });
        expect([202, 400, 413, 415, 422]).toContain(answer.statusCode);
        const result = answer.json<{ accepted?: number; code?: string }>();
        expect(memory.events().length - before).toBe(result.accepted ?? 0);
        expect(answer.statusCode === 202).toBe((result.accepted ?? 0) > 0);
        if (result.accepted === undefined) expect(problems.codes).toContain(result.code);
      }),
      { numRuns: runs },
    );
    expect(await metric('michinori_ingest_inflight_requests')).toBe(0);
    expect(await metric('michinori_ingest_inflight_bytes')).toBe(0);
  });

  it('credentials of any shape are 401, never a crash', async () => {
    const { app, memory } = setup();
    await fc.assert(
      fc.asyncProperty(header, fc.option(header), async (authorization, apiKey) => {
        const headers = { authorization, ...(apiKey === null ? {} : { 'x-api-key': apiKey }) };
        const answer = await app.inject({ method: 'POST', url: '/v1/events', payload: plain, headers });
        expect(answer.statusCode).toBe(401);
      }),
      { numRuns: runs },
    );
    expect(memory.calls).toEqual([]);
  });
});
