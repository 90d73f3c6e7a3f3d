import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, journeys } from '@michinori/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeInBrowser, openBoard } from './board.ts';
import { openPage, picture, settled, violations } from './browser.ts';
import { endMs, fillDemo, type Server, startServer } from './server.ts';

const journey = '/journeys/customer-success';
const shared = 'tz=Asia%2FTokyo';
const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const nothingConfigured = { channels: [], rules: null, fingerprint: '', again: () => nothingConfigured };

/** A night at a time, as the test sets the clock, in place of half a year at once. */
const fewEvaluations = { 'alerter-health-backfill': false, 'alerter-health-catch-up-max': 1 };

// The tests come in this order: nothing has been evaluated, then the history and one night more.
describeInBrowser('signals and health in a browser', (chromium) => {
  let server: Server;
  let browser: Browser;
  let clockMs = endMs;

  beforeAll(async () => {
    const start = () => startServer({ nowUs: () => clockMs * 1000, alertingFiles: nothingConfigured }, fewEvaluations);
    [server, browser] = await openBoard(chromium, start);
    await fillDemo(server, 400);
    const buying = readFileSync(join(import.meta.dirname, '../../../../infra/journeys/buying.yaml'), 'utf8');
    await createClient({ url: server.url }).ask(journeys.apply(buying));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Sets the server's clock and lets minutes pass until health was evaluated, and its record made, as of the last night before. */
  async function evaluatedBy(nowMs: number): Promise<void> {
    clockMs = nowMs;
    const client = createClient({ url: server.url });
    const due = nowMs - dayMs;
    await vi.waitFor(
      async () => {
        clockMs += minuteMs;
        const { meta } = await client.ask(journeys.health('customer-success'));
        expect(Date.parse(meta.evaluatedAt ?? '')).toBeGreaterThan(due);
        const record = await client.ask(journeys.healthTrackRecord('customer-success'));
        expect(Date.parse(record.rows[0]?.asOf ?? '')).toBeGreaterThan(due);
      },
      { timeout: 60_000, interval: 200 },
    );
  }

  it('says how to begin without rules, and when there will be scores', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    await page.goto(`${server.url}/journeys/buying/health?${shared}&lang=en`);
    await page.getByText('This journey has no rules of health yet').waitFor();
    await page.getByText('npx michinori journey apply buying.yaml').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${server.url}${journey}/health?${shared}&lang=ja`);
    await page.getByText('スコアはまだ評価されていません').waitFor();
    await settled(page);
    expect(await violations(page)).toEqual([]);
    await picture(page, 'health-empty');
    await page.goto(`${server.url}${journey}/health?${shared}&lang=en&part=record`);
    expect(await page.getByText('There is no record yet').first().textContent()).not.toBeNull();
    expect(complaints).toEqual([]);
  });

  describe('with a history', () => {
    beforeAll(async () => {
      // Scores of a horizon ago, which the last night judges; and of two nights, so that there is a course.
      await evaluatedBy(endMs - 31 * dayMs);
      await evaluatedBy(endMs - dayMs);
      await evaluatedBy(endMs);
    });

    it.each(['now', 'record', 'ahead'])(
      '%s: in two languages and on a narrow phone, without a complaint of the browser or of axe',
      async (part) => {
        const { page, complaints } = await openPage(browser, server.url, { dark: part === 'record' });
        for (const language of ['en', 'ja']) {
          await page.goto(`${server.url}${journey}/health?${shared}&range=365d&part=${part}&lang=${language}`);
          await settled(page);
          expect(await page.locator('.panel').count()).toBeGreaterThan(2);
          expect(await violations(page)).toEqual([]);
          await picture(page, `health-${part}-${language}`);
        }
        for (const width of [1000, 360]) {
          await page.setViewportSize({ width, height: 740 });
          await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        }
        await picture(page, `health-${part}-phone`);
        expect(complaints).toEqual([]);
      },
    );

    it('opens the ledger of a customer from the list, by keyboard, and from an address', async () => {
      const { page, complaints } = await openPage(browser, server.url);
      await page.goto(`${server.url}${journey}/health?${shared}&lang=en`);
      await settled(page);
      const link = page.getByRole('region', { name: 'Open signals' }).locator('tbody a').first();
      const customer = (await link.textContent()) ?? '';
      await link.focus();
      await page.keyboard.press('Enter');
      const sheet = page.getByRole('dialog', { name: customer });
      await sheet.locator('tbody tr').first().waitFor();
      await page.locator('.loading').first().waitFor({ state: 'detached' });
      expect(await violations(page)).toEqual([]);
      await picture(page, 'health-ledger', false);
      const cells = await sheet
        .locator('.table-scroll')
        .first()
        .locator('tbody tr')
        .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
      const { rows } = await createClient({ url: server.url }).ask(
        journeys.healthCustomers('customer-success', { limit: 5000 }),
      );
      const score = rows.find((row) => row.customer === customer)?.score;
      expect(cells.at(0)?.at(0)).toBe('Start');
      expect(cells.slice(1).every(([, fact]) => fact !== '')).toBe(true);
      expect(cells.reduce((sum, [, , points]) => sum + Number(points), 0)).toBe(score);
      expect(await sheet.locator('.headline').textContent()).toContain(`Score ${score}`);

      expect(page.url()).toContain(`who=customer%3A${customer}`);
      await page.reload();
      await sheet.locator('tbody tr').first().waitFor();
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      expect(page.url()).not.toContain('who=');
      await page.goBack();
      await sheet.getByRole('link', { name: 'Timeline of the customer' }).click();
      await page.locator('.customer-health .headline', { hasText: `Score ${score}` }).waitFor();
      expect(page.url()).toContain(`/customers/${customer}?`);
      await settled(page);
      expect(await page.locator('.next-step').count()).toBeGreaterThan(0);
      expect(await violations(page)).toEqual([]);
      await picture(page, 'customer-health');
      const [course] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.depiction').first().getByRole('button', { name: 'CSV' }).click(),
      ]);
      expect(readFileSync(await course.path(), 'utf8')).toMatch(new RegExp(`^at,score\\r\\n[^,]+,${score}\\r\\n`));
      expect(complaints).toEqual([]);
    });

    it('narrows signals to a segment and to a kind that the address names, and has tasks for them', async () => {
      const { page } = await openPage(browser, server.url);
      const shown = async (query: string) => {
        await page.goto(`${server.url}${journey}/health?${shared}&lang=en&${query}`);
        await settled(page);
        return page.getByRole('region', { name: 'Open signals' }).locator('tbody th').allTextContents();
      };
      const all = await shown('signal=golden_time');
      const client = createClient({ url: server.url });
      const { rows } = await client.ask(journeys.signals('customer-success', { signal: 'golden_time', limit: 1000 }));
      expect(all).toEqual(rows.map(({ customer }) => customer));
      expect(all.length).toBeGreaterThan(1);
      const plans = ['starter', 'pro', 'enterprise'];
      const parts = [];
      for (const plan of plans) parts.push(await shown(`signal=golden_time&segment=plan:${plan}`));
      expect(parts.flat().sort()).toEqual([...all].sort());
      expect(parts.filter((part) => part.length > 0).length).toBeGreaterThan(1);
      const tasks = page.getByRole('region', { name: 'Tasks' });
      expect(await tasks.locator('tbody tr').count()).toBeGreaterThan(0);
      expect(await tasks.textContent()).toMatch(/Call|Offer/);
    });

    it('has health on the map where there are rules, and leads from there to who is at risk', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}${journey}/map?${shared}&range=365d&lang=en`);
      await settled(page);
      await page.locator('.map-health a').first().waitFor();
      expect(await page.locator('.map-health').count()).toBe(3);
      expect(await violations(page)).toEqual([]);
      await page.locator('.map-health a').first().click();
      await page.getByRole('region', { name: 'Open signals' }).waitFor();
      expect(page.url()).toContain(`${journey}/health?`);
      expect(page.url()).toContain('stage=onboarding');
    });

    it('takes its turn on a wall screen, without names', async () => {
      const { page, complaints } = await openPage(browser, server.url, { size: { width: 1920, height: 1080 } });
      await page.goto(`${server.url}${journey}/health?${shared}&lang=en&kiosk=600&who=customer:abe-95`);
      await page.getByText(/^\d of 4$/).waitFor();
      for (let turn = 0; turn < 4 && (await page.locator('.health-stage').count()) === 0; turn++) {
        await page.clock.fastForward(600_000);
        await settled(page);
      }
      await page.locator('.health-stage').first().waitFor();
      await settled(page);
      expect(await page.locator('.kiosk-title').textContent()).toBe('Customer success · Signals and health');
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(await page.locator('tbody').count()).toBe(0);
      expect(await violations(page)).toEqual([]);
      await picture(page, 'health-wall');
      expect(complaints).toEqual([]);
    });

    it('gives scores as CSV and the picture as PNG', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}${journey}/health?${shared}&lang=en`);
      await settled(page);
      const panel = page.getByRole('region', { name: 'Scores by stage' });
      const download = async (name: string) => {
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          panel.getByRole('button', { name, exact: true }).click(),
        ]);
        return readFileSync(await file.path());
      };
      expect((await download('CSV')).toString('utf8')).toMatch(/^stage,title,position,segment,customers,score/);
      const png = await download('Image');
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.length).toBeGreaterThan(20_000);
      await panel.getByRole('button', { name: 'Show as table' }).click();
      expect(await panel.locator('tbody tr').count()).toBe(3);
    });
  });
});
