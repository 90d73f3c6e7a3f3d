import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { boardAddresses } from '@michinori/board';
import type { ClickHouse } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { apiOver, openStore } from './world.ts';

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
});

/** A built board as Vite leaves it: a page and a script, the script also compressed. */
function builtBoard(): string {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-board-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>board</title>');
  writeFileSync(join(folder, 'assets/app-1a2b.js'), 'run()');
  writeFileSync(join(folder, 'assets/app-1a2b.js.gz'), gzipSync('run()'));
  return folder;
}

const boardOver = (folder: string) => apiOver(clickhouse, {}, '127.0.0.1', undefined, folder).app;

describe('the board', () => {
  it('is answered at the address of every page, is asked for anew each time, and runs no script of its text', async () => {
    const app = boardOver(builtBoard());
    for (const address of boardAddresses) {
      const answer = await app.inject(address.replace('*', 'a%2Fb/map?lang=ja'));
      expect([address, answer.statusCode, answer.body]).toEqual([address, 200, '<!doctype html><title>board</title>']);
      expect(answer.headers['cache-control']).toBe('no-cache');
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe');
      expect(policy).not.toMatch(/https?:|\*/);
    }
  });

  it('keeps files with a hash in their name for ever, and sends them compressed', async () => {
    const answer = await boardOver(builtBoard()).inject({
      url: '/assets/app-1a2b.js',
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.headers['content-type']).toMatch(/javascript/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('hides nothing of the API: unknown addresses are refused, and questions keep their answers', async () => {
    const app = boardOver(builtBoard());
    for (const url of ['/nowhere', '/assets/none.js', '/assets/../index.html', '/v1/none', '/data/more']) {
      const answer = await app.inject({ url, headers: { accept: 'text/html,*/*' } });
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 404, 'not_found']);
    }
    for (const url of ['/v1/journeys', '/v1/touchpoints', '/livez', '/readyz', '/metrics', '/docs', '/openapi.json']) {
      const answer = await app.inject({ url, headers: { accept: 'text/html,*/*' } });
      expect([url, answer.statusCode]).toEqual([url, 200]);
      expect(answer.body).not.toContain('<title>board');
    }
  });

  it('stands in no document of the API', async () => {
    const paths = Object.keys((await boardOver(builtBoard()).inject('/openapi.json')).json().paths);
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !path.startsWith('/v1/'))).toEqual([]);
  });

  it('is replaced by a plain page where it has not been built', async () => {
    const page = await boardOver(join(tmpdir(), 'michinori-no-such-folder')).inject({
      url: '/',
      headers: { host: 'x"><script>' },
    });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('/v1/journeys');
    expect(page.body).not.toContain('<script');
  });
});
