import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyStore, type KeyScope, type KeyStore } from '../src/index.ts';

let folder: string;
let file: string;
let now: number;
let errors: unknown[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'michinori-keys-'));
  file = join(folder, 'deep', 'keys.json');
  now = Date.now();
  errors = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (checkIntervalMs = 0): KeyStore =>
  createKeyStore({ file, checkIntervalMs, nowMs: () => now, onReadError: (error) => errors.push(error) });

const make = (store: KeyStore, ...scopes: KeyScope[]) => store.create({ name: 'test', scopes }).key;

describe('keys', () => {
  it('have a visible prefix and never reach the file', () => {
    const { key, description } = open().create({ name: 'web', scopes: ['ingest', 'ingest'] });
    expect(key).toMatch(/^mk_[0-9a-z]{8}_[0-9A-Za-z]{40}$/);
    expect(key.startsWith(`mk_${description.prefix}_`)).toBe(true);
    expect(description.scopes).toEqual(['ingest']);
    const stored = readFileSync(file, 'utf8');
    expect(stored).toContain(description.prefix);
    expect(stored).not.toContain(key.split('_')[2]);
  });

  it('are stored for the owner only, with nothing left beside the file', () => {
    const store = open();
    make(store, 'ingest');
    make(store, 'query');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['keys.json']);
  });

  it('get salts of their own', () => {
    const store = open();
    make(store, 'ingest');
    make(store, 'ingest');
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: { salt: string; hash: string }[] };
    expect(new Set(keys.map(({ salt }) => salt)).size).toBe(2);
  });
});

describe('verify', () => {
  it('knows scopes, and admin as all of them', () => {
    const store = open();
    const ingest = make(store, 'ingest');
    const admin = make(store, 'admin');
    expect(store.verify(ingest, 'ingest')).toBe('ok');
    expect(store.verify(ingest, 'query')).toBe('forbidden');
    expect(store.verify(ingest, 'admin')).toBe('forbidden');
    for (const scope of ['ingest', 'query', 'admin'] as const) expect(store.verify(admin, scope)).toBe('ok');
  });

  it('refuses every other text, also with the right prefix', () => {
    const store = open();
    const key = make(store, 'ingest');
    const last = key.endsWith('a') ? 'b' : 'a';
    for (const wrong of [
      '',
      'x',
      key.slice(0, -1),
      `${key}a`,
      `${key.slice(0, -1)}${last}`,
      key.toUpperCase(),
      `mk_${'0'.repeat(8)}_${'0'.repeat(40)}`,
    ]) {
      expect(store.verify(wrong, 'ingest')).toBe('unknown');
    }
  });

  it('says unknown, not forbidden, for a wrong secret of a known prefix that lacks the scope', () => {
    const store = open();
    const key = make(store, 'query');
    expect(store.verify(`${key.slice(0, 12)}${'0'.repeat(40)}`, 'ingest')).toBe('unknown');
  });
});

describe('revoke', () => {
  it('takes effect at once here and at the next look elsewhere', () => {
    const store = open();
    const other = open();
    const key = make(store, 'ingest');
    expect(other.verify(key, 'ingest')).toBe('ok');
    expect(store.revoke(key.slice(3, 11))).toBe(true);
    expect(store.verify(key, 'ingest')).toBe('unknown');
    expect(other.verify(key, 'ingest')).toBe('unknown');
    expect(store.activeCount()).toBe(0);
    expect(store.list()[0]?.revokedAt).toBe(new Date(now).toISOString());
  });

  it('says so when there is nothing to revoke', () => {
    const store = open();
    const key = make(store, 'ingest');
    expect(store.revoke('nonsense')).toBe(false);
    expect(store.revoke(`mk_${key.slice(3, 11)}`)).toBe(true);
    expect(store.revoke(key.slice(3, 11))).toBe(false);
  });
});

describe('the file', () => {
  it('is looked at no more often than the interval', () => {
    const store = open(1000);
    const key = make(open(), 'ingest');
    expect(store.verify(key, 'ingest')).toBe('unknown');
    now += 1000;
    expect(store.verify(key, 'ingest')).toBe('ok');
  });

  it('that is broken stops the start, but leaves a running process its keys', () => {
    const store = open();
    const key = make(store, 'ingest');
    writeFileSync(file, '{"version":1');
    expect(store.verify(key, 'ingest')).toBe('ok');
    expect(errors).toMatchObject([{ code: 'keys_file_invalid' }]);
    expect(open).toThrow(expect.objectContaining({ code: 'keys_file_invalid' }));
  });

  it('that disappears takes its keys along, without making the installation unused again', () => {
    const store = open();
    expect(store.isUnused()).toBe(true);
    const key = make(store, 'ingest');
    rmSync(file);
    expect(store.verify(key, 'ingest')).toBe('unknown');
    expect(store.isUnused()).toBe(false);
  });

  it('is changed by one command at a time; a dead command’s lock is broken', () => {
    const store = open();
    make(store, 'ingest');
    writeFileSync(`${file}.lock`, '');
    expect(() => make(store, 'ingest')).toThrow(expect.objectContaining({ code: 'keys_file_locked', canRetry: true }));
    utimesSync(`${file}.lock`, new Date(now - 60_000), new Date(now - 60_000));
    make(store, 'ingest');
    expect(store.activeCount()).toBe(2);
  });

  it.each([
    [{ name: ' ', scopes: ['ingest'] as KeyScope[] }],
    [{ name: 'x', scopes: [] }],
    [{ name: 'x', scopes: ['root' as KeyScope] }],
  ])('refuses to make %j', (request) => {
    expect(() => open().create(request)).toThrow(expect.objectContaining({ code: 'key_request' }));
  });
});
