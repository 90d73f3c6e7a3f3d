import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { boardFolder } from '../src/index.ts';

const folder = join(import.meta.dirname, '..');
const assets = () => readdirSync(join(boardFolder, 'assets')).filter((name) => !name.endsWith('.gz'));
const bytesOf = (name: string) => gzipSync(readFileSync(join(boardFolder, 'assets', name)), { level: 9 }).length;
const sizeOf = (name: string) => statSync(join(boardFolder, 'assets', name)).size;
const index = () => readFileSync(join(boardFolder, 'index.html'), 'utf8');

beforeAll(() => {
  execFileSync(process.execPath, [join(folder, 'build.mjs')], { stdio: 'inherit' });
});

describe('what is sent to a browser', () => {
  it('is less than 350 kB of scripts in all, and less than 50 kB before the first picture', () => {
    const scripts = assets().filter((name) => name.endsWith('.js'));
    const all = scripts.reduce((sum, name) => sum + bytesOf(name), 0);
    const first = scripts.filter((name) => index().includes(name)).reduce((sum, name) => sum + bytesOf(name), 0);
    expect(all).toBeGreaterThan(100_000);
    expect(all).toBeLessThan(350_000);
    expect(first).toBeGreaterThan(10_000);
    expect(first).toBeLessThan(50_000);
  });

  it('asks nobody else for anything', () => {
    const addresses = [
      index(),
      ...assets().map((name) => readFileSync(join(boardFolder, 'assets', name), 'utf8')),
    ].flatMap((text) => [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([address]) => address));
    const known = ['http://www.w3.org', 'https://www.w3.org'];
    expect([...new Set(addresses)].filter((address) => !known.includes(address))).toEqual([]);
  });

  it('holds no script or style in the page itself, so that its policy needs no exception', () => {
    expect(index()).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)|\son\w+=/);
  });

  it('has a compressed copy beside every script and style that is worth it', () => {
    const there = new Set(readdirSync(join(boardFolder, 'assets')));
    const large = assets().filter((name) => /\.(js|css)$/.test(name) && sizeOf(name) > 1024);
    expect(large.length).toBeGreaterThan(2);
    expect(large.filter((name) => !there.has(`${name}.gz`))).toEqual([]);
  });
});
