import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../src/channels/http/address-policy.ts';
import { createPost } from '../../src/channels/http/post.ts';
import { createWebhookChannel } from '../../src/channels/webhook-channel.ts';
import { notificationId } from '../../src/index.ts';
import { virtualClock } from './clock.ts';
import { episode, notification, startUs } from './notifications.ts';
import { answers, hangs, type Received, receiver } from './receiver.ts';

const keys = [Buffer.alloc(32, 1), Buffer.alloc(24, 2)];
const never = new AbortController().signal;
const policy = createAddressPolicy(['127.0.0.1']);

function channelTo(url: URL, clock = virtualClock(), wholeMsMax = 60_000) {
  const post = createPost({ policy, connectMsMax: 60_000, wholeMsMax });
  return createWebhookChannel({
    ...{ name: 'hook', url, keys, post, clock, userAgent: 'Michinori/test' },
    accepts: () => true,
  });
}

/** What a receiver does who follows the specification: the algorithm of the reference libraries, five minutes of tolerance. */
function verified({ headers, body }: Received, key: Uint8Array, nowSeconds: number): unknown {
  const id = String(headers['webhook-id']);
  const timestamp = Number(headers['webhook-timestamp']);
  if (Math.abs(nowSeconds - timestamp) > 300) throw new Error('too old or too new');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const given = String(headers['webhook-signature']).split(' ');
  if (!given.some((signature) => signature === `v1,${expected}`)) throw new Error('no matching signature');
  return JSON.parse(body);
}

describe('a webhook', () => {
  it('can be verified with either secret, and says everything', async () => {
    const server = await receiver();
    const clock = virtualClock();
    clock.advanceMs(1500);
    const [firing, resolved] = episode();
    expect(await channelTo(server.url, clock).deliver(resolved, 1, never)).toEqual({ outcome: 'delivered' });
    const [request] = server.requests;
    if (request === undefined) throw new Error('no request');
    for (const key of keys) {
      expect(verified(request, key, startUs / 1e6)).toEqual({
        type: 'alert.resolved',
        timestamp: '2026-11-20T10:30:00.000000Z',
        data: {
          version: 1,
          ...{ id: resolved.id, alert: 'trial-drop-off', journey: 'buying', stage: 'trial', kind: 'drop_off' },
          ...{ segment: { by: 'plan', value: 'pro' }, touchpoint: null, state: 'resolved', severity: 'page' },
          ...{ startedAt: '2026-11-20T09:00:00.000000Z', resolvedAt: '2026-11-20T10:30:00.000000Z' },
          ...{ k: 42, n: 120, rate: 0.35, usualRate: 0.2, lo: 0.27, hi: 0.44, lift: 1.75, q: 0.0031 },
          ...{ title: firing.title, text: firing.text, runbookUrl: null },
          ...{ boardUrl: firing.boardUrl, customersUrl: firing.customersUrl, customersPath: firing.customersPath },
        },
      });
    }
    expect(() => verified(request, Buffer.alloc(32, 3), startUs / 1e6)).toThrow('no matching signature');
    expect(() =>
      verified({ ...request, body: `${request.body} ` }, keys[0] ?? keys[1] ?? Buffer.alloc(0), startUs / 1e6),
    ).toThrow();
    expect(request.headers).toMatchObject({
      'webhook-timestamp': String(startUs / 1e6 + 1),
      'content-type': 'application/json',
      'user-agent': 'Michinori/test',
    });
  });

  it('is repeated with the same id and body, and the time of the attempt', async () => {
    const server = await receiver(answers(500));
    const clock = virtualClock();
    const channel = channelTo(server.url, clock);
    await channel.deliver(notification(), 1, never);
    clock.advanceMs(3_600_000);
    await channel.deliver(notification(), 2, never);
    const [first, second] = server.requests;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(Number(second?.headers['webhook-timestamp'])).toBe(Number(first?.headers['webhook-timestamp']) + 3600);
    if (second === undefined) throw new Error('no request');
    verified(second, keys[0] ?? Buffer.alloc(0), clock.nowUs() / 1e6);
  });

  it('that is redirected is refused', async () => {
    const server = await receiver(answers(308, { location: 'http://127.0.0.1:1/' }));
    expect(await channelTo(server.url).deliver(notification(), 1, never)).toMatchObject({
      ...{ outcome: 'refused', reason: 'redirected' },
    });
  });

  it('that hangs is tried again by the schedule', async () => {
    const server = await receiver(hangs);
    const channel = channelTo(server.url, virtualClock(), 100);
    expect(await channel.deliver(notification(), 1, never)).toMatchObject({
      ...{ outcome: 'retry', reason: 'timeout', afterMs: expect.closeTo(5500, -3.1) },
    });
    expect(await channel.deliver(notification(), 10, never)).toMatchObject({
      ...{ outcome: 'refused', reason: 'attempts_exhausted' },
    });
  });

  it('to a receiver that is gone is not asked again', async () => {
    const server = await receiver(answers(410));
    const channel = channelTo(server.url);
    for (const attempt of [1, 1])
      expect(await channel.deliver(notification(), attempt, never)).toMatchObject({
        outcome: 'refused',
        reason: 'receiver_gone',
      });
    expect(server.requests).toHaveLength(1);
  });
});

describe('the id of a notification', () => {
  it('is frozen', () => {
    expect(notification().id).toBe('d3702f8babf21af6559cab725dda9c73');
  });

  it('depends on every fact of the transition and on nothing else', () => {
    const fact = notification();
    const others = [
      { alert: 'b' },
      { journey: 'b' },
      { stage: 'b' },
      { segment: null },
      { segment: { by: 'plan', value: 'free' } },
      { segment: { by: 'region', value: 'pro' } },
      { startedAtUs: startUs + 1 },
      { state: 'resolved' as const },
      { touchpoint: 'mail.sent' },
      { touchpoint: 'mail.opened' },
    ].map((changed) => notificationId({ ...fact, ...changed }));
    expect(new Set([fact.id, ...others]).size).toBe(11);
    expect(notificationId({ ...fact, segment: { by: '', value: '' } })).not.toBe(
      notificationId({ ...fact, segment: null }),
    );
    expect(notification({ n: 5, severity: 'ticket', title: { en: 'x' } }).id).toBe(fact.id);
  });
});
