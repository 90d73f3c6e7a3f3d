import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseWebhookSecret, webhookHeaders } from '../../src/channels/webhook-signature.ts';

const keyOf = (secret: string): Uint8Array => {
  const parsed = parseWebhookSecret(secret);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.key;
};

describe('the signature of a webhook', () => {
  // The vector of the reference libraries (standard-webhooks/standard-webhooks, "sign function works").
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1614265330, body: '{"test": 2432232314}' };

  it('is the one of the reference libraries', () => {
    expect(webhookHeaders({ ...signed, keys: [keyOf(secret)] })).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('comes once per secret, the newest first', () => {
    const newer = Buffer.alloc(32, 7);
    const [first = '', second = '', ...more] = (
      webhookHeaders({ ...signed, keys: [newer, keyOf(secret)] })['webhook-signature'] ?? ''
    ).split(' ');
    const expected = createHmac('sha256', newer)
      .update(`${signed.id}.${signed.timestampSeconds}.${signed.body}`)
      .digest();
    expect(timingSafeEqual(Buffer.from(first.slice(3), 'base64'), expected)).toBe(true);
    expect(second).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    expect(more).toEqual([]);
  });

  it('covers characters beyond ASCII as UTF-8', () => {
    const body = '{"title":"離脱"}';
    const key = keyOf(secret);
    const expected = createHmac('sha256', key)
      .update(Buffer.from(`a.1.${body}`, 'utf8'))
      .digest('base64');
    expect(webhookHeaders({ id: 'a', timestampSeconds: 1, body, keys: [key] })['webhook-signature']).toBe(
      `v1,${expected}`,
    );
  });
});

describe('a secret', () => {
  const encode = (bytes: number, prefix = 'whsec_') => prefix + Buffer.alloc(bytes, 0xfb).toString('base64');

  it.each([24, 32, 64])('holds %d bytes', (bytes) => {
    expect(keyOf(` ${encode(bytes)}\n`)).toHaveLength(bytes);
  });

  it('may lack the padding of base64', () => {
    expect(keyOf(encode(25).replace(/=+$/, ''))).toEqual(keyOf(encode(25)));
  });

  it.each([
    ['too short', encode(23), 'bytes, not 23'],
    ['too long', encode(65), 'bytes, not 65'],
    ['without its prefix', encode(32, ''), 'must begin with whsec_'],
    ['of another kind', encode(32, 'whsk_'), 'must begin with whsec_'],
    ['not base64', `whsec_${'*'.repeat(40)}`, 'must be base64'],
    ['base64 with something in between', `${encode(32)} ${encode(32)}`, 'must be base64'],
    ['in the other alphabet of base64', encode(32).replaceAll('+', '-').replaceAll('/', '_'), 'must be base64'],
    ['empty', '', 'must begin with whsec_'],
  ])('is refused when %s', (_what, text, message) => {
    expect(parseWebhookSecret(text)).toEqual({ ok: false, message: expect.stringContaining(message) });
  });
});
