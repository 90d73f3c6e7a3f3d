import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  assertListenAddress,
  createAccess,
  createKeyStore,
  extractKey,
  isLoopback,
  type KeyStore,
} from '../src/index.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('extractKey', () => {
  it.each([
    [{ authorization: 'Bearer k1' }, 'k1'],
    [{ authorization: 'bearer   k1' }, 'k1'],
    [{ 'x-api-key': ' k1 ' }, 'k1'],
    [{ authorization: basic('k1:') }, 'k1'],
    [{ authorization: basic('k1') }, 'k1'],
    [{ authorization: basic('k1:ignored:too') }, 'k1'],
    [{ authorization: 'Bearer k1', 'x-api-key': 'k1' }, 'k1'],
  ])('%j', (headers, key) => {
    expect(extractKey(headers)).toEqual({ found: 'key', key });
  });

  it.each([
    [{ authorization: 'Bearer' }],
    [{ authorization: 'Bearer a b' }],
    [{ authorization: 'Digest abc' }],
    [{ authorization: basic(':password') }],
    [{ authorization: 'Bearer k1', 'x-api-key': 'k2' }],
    [{ 'x-api-key': 'x'.repeat(257) }],
    [{ authorization: '' }],
  ])('can’t read %j', (headers) => {
    expect(extractKey(headers).found).toBe('unreadable');
  });

  it('finds none', () => {
    expect(extractKey({})).toEqual({ found: 'none' });
    expect(extractKey({ 'x-api-key': '' })).toEqual({ found: 'none' });
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])('%s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '::',
    '10.0.0.1',
    'example.org',
    '',
    '127.0.0.1.example.org',
    'localhost.example.org',
    '::ffff:10.0.0.1',
  ])('not %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('assertListenAddress', () => {
  it('asks for a key wherever others can reach it', () => {
    expect(() => assertListenAddress({ host: '127.0.0.1', activeKeys: 0 })).not.toThrow();
    expect(() => assertListenAddress({ host: '0.0.0.0', activeKeys: 1 })).not.toThrow();
    expect(() => assertListenAddress({ host: '0.0.0.0', activeKeys: 0 })).toThrow(
      expect.objectContaining({ code: 'listen_without_keys' }),
    );
  });
});

describe('createAccess', () => {
  let folder: string;
  let keys: KeyStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'michinori-access-'));
    keys = createKeyStore({ file: join(folder, 'keys.json'), checkIntervalMs: 0 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const local = { host: 'localhost:8080' };

  it('needs no key on loopback until the first one is made, also when that one is revoked', () => {
    const authorize = createAccess({ keys, host: '127.0.0.1' });
    expect(authorize(local, 'ingest')).toEqual({ outcome: 'allowed', keyPrefix: null });
    const { key, description } = keys.create({ name: 'x', scopes: ['ingest'] });
    expect(authorize(local, 'ingest')).toMatchObject({ status: 401, code: 'missing_key' });
    expect(authorize({ ...local, authorization: `Bearer ${key}` }, 'ingest')).toEqual({
      outcome: 'allowed',
      keyPrefix: description.prefix,
    });
    keys.revoke(description.prefix);
    expect(authorize(local, 'ingest')).toMatchObject({ status: 401 });
  });

  it('never is open on another address', () => {
    expect(createAccess({ keys, host: '0.0.0.0' })(local, 'ingest')).toMatchObject({
      status: 401,
      code: 'missing_key',
    });
  });

  it('keeps foreign web pages out while it is open', () => {
    const authorize = createAccess({ keys, host: '127.0.0.1', allowedOrigins: ['https://app.example'] });
    const foreign = [
      { ...local, origin: 'https://evil.example' },
      { ...local, origin: 'null' },
      { ...local, origin: 'http://localhost.evil.example' },
      { host: 'rebound.example:8080' },
    ];
    for (const headers of foreign)
      expect(authorize(headers, 'query')).toMatchObject({ status: 403, code: 'foreign_origin' });
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:8080', 'https://app.example']) {
      expect(authorize({ ...local, origin }, 'query').outcome).toBe('allowed');
    }
  });

  it('lets every page in when told so, but not through a foreign host name', () => {
    const authorize = createAccess({ keys, host: '127.0.0.1', allowedOrigins: ['*'] });
    expect(authorize({ ...local, origin: 'https://any.example' }, 'ingest').outcome).toBe('allowed');
    expect(authorize({ host: 'rebound.example' }, 'ingest')).toMatchObject({ code: 'foreign_origin' });
  });

  it('tells 401 from 403', () => {
    const { key } = keys.create({ name: 'x', scopes: ['query'] });
    const authorize = createAccess({ keys, host: '0.0.0.0' });
    expect(authorize({ 'x-api-key': key }, 'ingest')).toMatchObject({ status: 403, code: 'insufficient_scope' });
    expect(authorize({ 'x-api-key': `${key}x` }, 'ingest')).toMatchObject({ status: 401, code: 'invalid_key' });
    expect(authorize({ authorization: 'Nonsense' }, 'ingest')).toMatchObject({ status: 401, code: 'invalid_key' });
  });
});
