import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAddressPolicy } from '../../src/channels/http/address-policy.ts';
import type { Resolve } from '../../src/channels/http/guarded-lookup.ts';
import { createPost, type PostSettings } from '../../src/channels/http/post.ts';
import { selfSigned } from './certificate.ts';
import { answers, hangs, receiver } from './receiver.ts';

const loopback = createAddressPolicy(['127.0.0.1']);
const headers = { 'content-type': 'application/json', 'x-test': 'yes' };
const never = new AbortController().signal;

const post = (url: URL, settings: Partial<PostSettings> = {}, body = '{"a":"ü"}', signal = never) =>
  createPost({ policy: loopback, connectMsMax: 60_000, wholeMsMax: 60_000, ...settings })({
    url,
    headers,
    body,
    signal,
  });

describe('post', () => {
  it('sends the body and the headers as they are, once', async () => {
    const server = await receiver(answers(202, { 'retry-after': '7' }, 'taken'));
    expect(await post(server.url)).toEqual({ outcome: 'answered', status: 202, retryAfter: '7', text: 'taken' });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      path: '/hook',
      body: '{"a":"ü"}',
      headers: { 'content-type': 'application/json', 'x-test': 'yes', 'content-length': '10', connection: 'close' },
    });
  });

  it('follows no redirect', async () => {
    const target = await receiver();
    const server = await receiver(answers(307, { location: target.url.href }));
    expect(await post(server.url)).toMatchObject({ outcome: 'answered', status: 307 });
    expect(target.requests).toEqual([]);
  });

  it('waits for no answer for longer than it may', async () => {
    const server = await receiver(hangs);
    expect(await post(server.url, { wholeMsMax: 100 })).toEqual({
      ...{ outcome: 'failed', reason: 'timeout', detail: 'after 100 ms' },
    });
  });

  it('takes the status of an answer whose body never ends', async () => {
    const server = await receiver((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 50);
      response.once('close', () => clearInterval(timer));
    });
    expect(await post(server.url, { wholeMsMax: 2000 })).toMatchObject({ outcome: 'answered', status: 200 });
  });

  it('reads no more of an answer than it needs', async () => {
    let hasClosed: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => {
      hasClosed = resolve;
    });
    const server = await receiver((response) => {
      response.writeHead(500);
      const chunk = 'x'.repeat(65_536);
      const more = () => {
        while (response.write(chunk));
      };
      response.on('drain', more);
      response.once('close', () => hasClosed?.());
      more();
    });
    const result = await post(server.url);
    expect(result).toMatchObject({ outcome: 'answered', status: 500 });
    expect(result.outcome === 'answered' && result.text.length).toBe(16 * 1024);
    await closed;
  });

  it('says that nobody listens', async () => {
    const server = await receiver();
    await server.close();
    expect(await post(server.url)).toMatchObject({ outcome: 'failed', reason: 'connect_failed' });
  });

  it('says that the connection was cut', async () => {
    const server = await receiver((response) => response.destroy());
    expect(await post(server.url)).toMatchObject({ outcome: 'failed', reason: 'connection_lost' });
  });

  it('gives up when it is told to', async () => {
    const server = await receiver(hangs);
    const stopper = new AbortController();
    const result = post(server.url, {}, '{}', stopper.signal);
    await server.has(1);
    stopper.abort();
    expect(await result).toMatchObject({ outcome: 'failed', reason: 'connection_lost' });
    expect(await post(server.url, {}, '{}', stopper.signal)).toMatchObject({ outcome: 'failed' });
    expect(server.requests).toHaveLength(1);
  });

  it('says that what answers is no HTTP', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    expect(await post(new URL(`http://127.0.0.1:${port}/`))).toMatchObject({
      ...{ outcome: 'failed', reason: 'connection_lost' },
    });
  });
});

describe('the address of a post', () => {
  const nowhere = createAddressPolicy([]);

  it.each(['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'])(
    'is judged when it is written as %s',
    async (host) => {
      const server = await receiver();
      const url = new URL(`http://${host}:${server.port}/`);
      expect(await post(url, { policy: nowhere })).toMatchObject({ outcome: 'failed', reason: 'address_forbidden' });
      expect(server.requests).toEqual([]);
    },
  );

  it('is judged when a name stands for it', async () => {
    const server = await receiver();
    const resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(await post(new URL(`http://public.example:${server.port}/`), { policy: nowhere, resolve })).toEqual({
      ...{ outcome: 'failed', reason: 'address_forbidden', detail: 'public.example is 127.0.0.1 (loopback)' },
    });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['an IPv4-mapped address', [{ address: '::ffff:127.0.0.1', family: 6 }]],
    [
      'a public and a private address',
      [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    ],
    ['a metadata service', [{ address: '169.254.169.254', family: 4 }]],
  ])('is judged when a name stands for %s', async (_what, found) => {
    const server = await receiver();
    const url = new URL(`http://public.example:${server.port}/`);
    expect(await post(url, { policy: nowhere, resolve: async () => found })).toMatchObject({
      ...{ outcome: 'failed', reason: 'address_forbidden' },
    });
    expect(server.requests).toEqual([]);
  });

  it('is the very one that was judged: a name is asked for once per connection, and each time judged anew', async () => {
    const server = await receiver();
    const loopbackTwo = createAddressPolicy(['127.0.0.1']);
    const given = ['127.0.0.1', '127.0.0.2', '127.0.0.1'];
    let asked = 0;
    const resolve: Resolve = async () => [{ address: given[asked++] ?? '127.0.0.2', family: 4 }];
    const send = () => post(new URL(`http://rebound.example:${server.port}/`), { policy: loopbackTwo, resolve });
    expect(await send()).toMatchObject({ outcome: 'answered' });
    expect(asked).toBe(1);
    expect(await send()).toMatchObject({ outcome: 'failed', reason: 'address_forbidden' });
    expect(asked).toBe(2);
    expect(server.requests).toHaveLength(1);
  });

  it('is what the system says of a name, one family after the other', async () => {
    const server = await receiver();
    const url = new URL(`http://localhost:${server.port}/`);
    expect(await post(url, { policy: nowhere })).toMatchObject({ outcome: 'failed', reason: 'address_forbidden' });
    const both = createAddressPolicy(['127.0.0.1', '::1']);
    expect(await post(url, { policy: both })).toMatchObject({ outcome: 'answered', status: 200 });
    const resolve: Resolve = async () => [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await post(url, { policy: both, resolve })).toMatchObject({ outcome: 'answered', status: 200 });
    expect(server.requests).toHaveLength(2);
  });

  it('must be known', async () => {
    const failing: Resolve = () => Promise.reject(new Error('getaddrinfo ENOTFOUND'));
    const url = new URL('http://unknown.example/');
    expect(await post(url, { resolve: failing })).toMatchObject({ reason: 'name_unresolved' });
    expect(await post(url, { resolve: async () => [] })).toMatchObject({ reason: 'name_unresolved' });
  });

  it('must be known in time', async () => {
    const resolve: Resolve = () => new Promise(() => {});
    expect(await post(new URL('http://slow.example/'), { resolve, connectMsMax: 50 })).toEqual({
      ...{ outcome: 'failed', reason: 'connect_timeout', detail: 'after 50 ms' },
    });
  });
});

describe('a post with TLS', () => {
  const tls = selfSigned();
  const resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

  it.skipIf(tls === null)('goes to whom the certificate belongs to', async () => {
    if (tls === null) return;
    const server = await receiver(answers(200), { tls });
    const send = (host: string, ca: string | null) => post(new URL(`https://${host}:${server.port}/`), { resolve, ca });
    expect(await send('localhost', tls.cert)).toMatchObject({ outcome: 'answered', status: 200 });
    expect(await send('localhost', null)).toMatchObject({ outcome: 'failed', reason: 'tls_failed' });
    expect(await send('other.example', tls.cert)).toMatchObject({ outcome: 'failed', reason: 'tls_failed' });
    expect(server.requests).toHaveLength(1);
  });

  it('that nobody speaks on the other side is cut off in time', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    expect(await post(new URL(`https://localhost:${port}/`), { resolve, connectMsMax: 100 })).toMatchObject({
      reason: 'connect_timeout',
    });
  });
});
