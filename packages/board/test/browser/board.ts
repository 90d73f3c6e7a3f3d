import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findChromium } from '@michinori/testing/chromium';
import type { Browser } from 'playwright-core';
import { describe, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Server, startServer } from './server.ts';

/** Tests that need a browser, whose program `body` gets. Where there is none they are skipped, and the totals say why. */
export function describeInBrowser(name: string, body: (chromium: string) => void): void {
  const chromium = findChromium();
  describe(name, () => {
    if (chromium !== null) return body(chromium);
    it('needs a browser', (context) => context.skip('no Chromium: set CHROMIUM_PATH, or install it'));
  });
}

/** The pages as they are now, a server that has them, and a browser; both are the caller's to close. */
export async function openBoard(
  chromium: string,
  start: () => Promise<Server> = startServer,
): Promise<[Server, Browser]> {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../build.mjs')], { stdio: 'inherit' });
  return Promise.all([start(), openBrowser(chromium)]);
}
