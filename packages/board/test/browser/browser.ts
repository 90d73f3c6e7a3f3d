import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { endMs } from './server.ts';

const { source: axeSource } = createRequire(import.meta.url)('axe-core') as { source: string };
const pictures = join(import.meta.dirname, '../../dist/screenshots');

export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--font-render-hinting=none'] });

export interface OpenPage {
  page: Page;
  /** What the console complained about, and what was asked of others; both must stay empty. */
  complaints: string[];
}

interface PageOptions {
  size?: { width: number; height: number };
  dark?: boolean;
}

/** A page whose clock is that of the server; closed at the end of the test. */
export async function openPage(browser: Browser, url: string, { size, dark }: PageOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: size ?? { width: 1280, height: 900 },
    timezoneId: 'Asia/Tokyo',
    locale: 'en-US',
    reducedMotion: 'reduce',
    colorScheme: dark ? 'dark' : 'light',
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.clock.install({ time: endMs });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) complaints.push(request.url());
  });
  return { page, complaints };
}

/** Waits until nothing is being asked and something is shown. */
export async function settled(page: Page): Promise<void> {
  await page.locator('.panel-body, .notice').first().waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  await page.locator('.chart:not(:has(svg))').first().waitFor({ state: 'detached' });
}

/** What axe finds against WCAG 2.2 AA and its best practices, as `rule: element`. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const run = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' ' + failureSummary.slice(0, 200))))`;
  return page.evaluate<string[]>(run);
}

/** Keeps a picture of the page in `dist/screenshots`. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}
