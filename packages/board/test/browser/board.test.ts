import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInBrowser, openBoard } from './board.ts';
import { openPage, picture, settled, violations } from './browser.ts';
import { endMs, fillDemo, type Server } from './server.ts';

const steps = 'step=demo.requested%7Ctrial.started&step=contract.signed&step=value.milestone&window=60d';
const shared = 'range=365d&tz=Asia%2FTokyo';
const journey = '/journeys/customer-success';
const pages: [name: string, path: string][] = [
  ['map', `${journey}/map?${shared}&detail=full`],
  ['funnel', `/funnel?${shared}&${steps}&by=plan`],
  ['cycle-time', `${journey}/cycle-time?${shared}&by=plan`],
  ['paths', `${journey}/paths?${shared}`],
  ['nps', `${journey}/nps?${shared}`],
  ['customers', `/customers?${shared}`],
  ['data', `/data?${shared}`],
];

// The tests come in this order: the server is empty, then filled, at last it asks for a key.
describeInBrowser('the board in a browser', (chromium) => {
  let server: Server;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await openBoard(chromium);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('says how to begin where there is nothing', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    for (const path of ['/', '/funnel', '/customers', '/data']) {
      await page.goto(server.url + path);
      await settled(page);
      expect([path, await page.locator('.notice').count()]).not.toEqual([path, 0]);
      expect(await violations(page)).toEqual([]);
    }
    await page.goto(server.url);
    await settled(page);
    await page.getByText(`${server.url}/v1/events`).waitFor();
    await page.getByText('journey apply').waitFor();
    await picture(page, 'empty');
    expect(complaints).toEqual([]);
  });

  describe('with data', () => {
    beforeAll(() => fillDemo(server));

    it.each(pages)(
      '%s: in two languages and on a narrow phone, without a complaint of the browser or of axe',
      async (name, path) => {
        const { page, complaints } = await openPage(browser, server.url, { dark: name === 'cycle-time' });
        for (const language of ['en', 'ja']) {
          await page.goto(`${server.url}${path}&lang=${language}`);
          await settled(page);
          expect(await page.locator('html').getAttribute('lang')).toBe(language);
          expect(await violations(page)).toEqual([]);
          await picture(page, `${name}-${language}`);
        }
        await page.setViewportSize({ width: 360, height: 740 });
        await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
        await picture(page, `${name}-phone`);
        expect(await page.locator('main').textContent()).toMatch(/[ぁ-んァ-ヶ一-龠]/);
        expect(complaints).toEqual([]);
      },
    );

    it('begins with the map of the first journey, with all that belongs to it', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}/?lang=en`);
      await settled(page);
      expect(await page.locator('nav [aria-current]').textContent()).toBe('Journey map');
      await page.getByLabel('Range').selectOption('365d');
      await page.waitForURL(/range=365d/);
      await settled(page);
      expect(await page.locator('.stage-card').count()).toBe(4);
      expect(await violations(page)).toEqual([]);
    });

    it('begins anew where a newer version has taken away the code of a page', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}/?lang=en`);
      await settled(page);
      await page.route('**/assets/data-page-*.js', (route) => route.abort());
      await page.route(`${server.url}/`, (route) =>
        route.request().resourceType() === 'fetch'
          ? route.fulfill({ contentType: 'text/html', body: '<script type="module" src="/assets/newer.js"></script>' })
          : route.continue(),
      );
      const loaded = page.waitForEvent('load');
      await page.getByRole('link', { name: 'Data', exact: true }).click();
      await loaded;
      await page.unrouteAll();
      await page.locator('.panel-body').first().waitFor();
      expect(new URL(page.url()).pathname).toBe('/data');
    });

    it('draws what no event has shown differently from what one has', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}${journey}/map?range=2026-11-12..2026-11-13&detail=full&tz=Asia%2FTokyo&lang=en`);
      await settled(page);
      expect(await page.locator('.touchpoint.is-assumed', { hasText: 'Assumed' }).count()).toBeGreaterThan(0);
      expect(await page.locator('.touchpoint:not(.is-assumed)').count()).toBeGreaterThan(0);
      expect(await page.locator('.badge-insufficient').count()).toBeGreaterThan(0);
      await picture(page, 'map-assumed');
    });

    it('builds by clicks the funnel that curl asks for, and shows who is behind a number', async () => {
      const { page, complaints } = await openPage(browser, server.url);
      await page.goto(`${server.url}/funnel?range=180d&tz=UTC&lang=en`);
      await page.getByRole('button', { name: 'Add a step' }).click();
      const inputs = page.getByRole('combobox', { name: /^Step \d: Touchpoint$/ });
      for (const [at, touchpoint] of ['trial.started', 'contract.signed', 'value.milestone'].entries()) {
        await inputs.nth(at).fill(touchpoint);
        await inputs.nth(at).press('Tab');
      }
      await page.getByLabel('Within').fill('6');
      await page.getByLabel('Within').press('Tab');
      await page.getByRole('combobox', { name: 'Unit', exact: true }).selectOption('week');
      await settled(page);
      await page.getByRole('button', { name: 'Show as table' }).click();
      const shown = await page
        .locator('tbody tr')
        .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));

      const body = {
        steps: [{ touchpoint: 'trial.started' }, { touchpoint: 'contract.signed' }, { touchpoint: 'value.milestone' }],
        window: { value: 6, unit: 'week' },
        from: new Date(Date.UTC(2026, 10, 20) - 179 * 86_400_000).toISOString(),
        to: new Date(Date.UTC(2026, 10, 21)).toISOString(),
      };
      const answer = await fetch(`${server.url}/v1/funnels/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const { rows } = (await answer.json()) as {
        rows: { step: number; touchpoint: string; customers: number; dropped: number; open: number }[];
      };
      expect(rows[0]?.customers).toBeGreaterThan(20);
      expect(shown.map((cells) => [cells[0], cells[2], cells[6], cells[7]])).toEqual(
        rows.map(({ step, touchpoint, customers, dropped, open }) => [
          `${step}. ${touchpoint}`,
          `${customers}`,
          `${dropped}`,
          `${open}`,
        ]),
      );

      await page.getByRole('button', { name: 'Show as chart' }).click();
      await page.getByRole('button', { name: /Dropped after trial\.started$/ }).click();
      const sheet = page.getByRole('dialog');
      await sheet.locator('tbody tr').first().waitFor();
      expect(await sheet.locator('tbody tr').count()).toBe(Math.min(50, rows[0]?.dropped ?? 0));
      expect(await violations(page)).toEqual([]);
      await picture(page, 'funnel-behind', false);
      await sheet.getByRole('link').first().click();
      await page.locator('.timeline').waitFor();
      expect(await violations(page)).toEqual([]);
      await picture(page, 'customer');
      await page.goBack();
      await settled(page);
      expect(await inputs.nth(2).inputValue()).toBe('value.milestone');
      expect(complaints).toEqual([]);
    });

    it('gives the rows as CSV and the picture as PNG', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}${journey}/nps?${shared}&lang=en`);
      await settled(page);
      const download = async (name: string) => {
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name, exact: true }).click(),
        ]);
        return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
      };
      const csv = await download('CSV');
      expect(csv.name).toBe('nps-customer-success.csv');
      expect(csv.bytes.toString('utf8')).toMatch(/^cohort,segment,bucket,responses/);
      const png = await download('Image');
      expect(png.name).toBe('nps-customer-success.png');
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
      // A picture without anything on it would be far smaller.
      expect(png.bytes.length).toBeGreaterThan(20_000);
    });

    it('keeps what it showed while the API fails, says so, and is whole again by itself', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}${journey}/map?${shared}&lang=en`);
      await settled(page);
      const entered = await page.locator('.stage-entered').first().textContent();
      await page.route('**/v1/**', (route) => route.abort());
      await page.clock.runFor(61_000);
      await page.locator('.freshness.is-lost').waitFor();
      expect(await page.locator('.stage-entered').first().textContent()).toBe(entered);

      await page.goto(`${server.url}${journey}/nps?${shared}&lang=en`);
      await page.getByRole('alert').first().waitFor();
      expect(await page.locator('main').textContent()).toContain('The server does not answer');
      expect(await violations(page)).toEqual([]);
      await picture(page, 'no-answer');
      await page.unroute('**/v1/**');
      await page.clock.runFor(65_000);
      await page.locator('.score').first().waitFor();
      await settled(page);
      expect(await page.locator('.score').count()).toBeGreaterThan(3);
      expect(await page.locator('.is-lost').count()).toBe(0);
    });

    it('can be used with the keyboard alone', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}${journey}/map?${shared}&lang=en`);
      await settled(page);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('content');
      await page.getByRole('link', { name: 'NPS' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('.score').first().waitFor();
      expect(page.url()).toContain(`${journey}/nps?`);
      expect(await page.title()).toBe('NPS · Michinori');
    });

    it('turns pages on a wall screen through a day, and needs no more memory at its end', async () => {
      const { page, complaints } = await openPage(browser, server.url, { size: { width: 1920, height: 1080 } });
      // After its first answer every question gets the same again without a request, so that a day of them takes seconds.
      await page.addInitScript(`{
        const [ask, kept] = [fetch, new Map()];
        globalThis.fetch = async (url, init) => {
          const key = url + (init.body ?? '');
          if (!kept.has(key)) kept.set(key, await (await ask(url, init)).text());
          return new Response(kept.get(key), { headers: { 'content-type': 'application/json' } });
        };
      }`);
      await page.goto(`${server.url}/?kiosk=600&range=90d&tz=UTC&lang=en`);
      await settled(page);
      await picture(page, 'kiosk', false);
      expect(await violations(page)).toEqual([]);
      const devtools = await page.context().newCDPSession(page);
      const used = async () => {
        await devtools.send('HeapProfiler.collectGarbage');
        const { usedSize } = await devtools.send('Runtime.getHeapUsage');
        const { nodes } = await devtools.send('Memory.getDOMCounters');
        return { usedSize, nodes };
      };
      const seen = new Set<string>();
      const settle = async () => {
        await settled(page);
        seen.add((await page.locator('.kiosk-title').textContent()) ?? '');
      };
      const passHours = async (hours: number) => {
        for (let turn = 0; turn < hours * 6; turn++) {
          await page.clock.fastForward(600_000);
          await settle();
        }
      };
      // An hour with every single timer, then a turn at a time: each timer that is due goes off once.
      await page.clock.runFor(3_600_000);
      await settle();
      await passHours(2);
      const early = await used();
      await passHours(21);
      const late = await used();
      expect(await page.evaluate('Date.now()')).toBeGreaterThan(endMs + 23 * 3_600_000);
      expect([...seen].sort()).toEqual([
        'Customer success · Cycle time',
        'Customer success · Journey map',
        'Customer success · NPS',
        'Customer success · Signals and health',
      ]);
      expect(late.usedSize / early.usedSize).toBeLessThan(1.3);
      expect(late.nodes / early.nodes).toBeLessThan(1.5);
      expect(complaints).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('.masthead').waitFor();
    });

    it('asks for a key when the server does, and keeps it for this tab', async () => {
      const { key } = server.standalone.keys.create({ name: 'board', scopes: ['query'] });
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}${journey}/map?${shared}&lang=en`);
      await page.getByLabel('API key').fill('mk_wrong');
      await page.getByRole('button', { name: 'Use this key' }).click();
      await page.getByText('The key was refused.').waitFor();
      expect(await violations(page)).toEqual([]);
      await picture(page, 'key');
      await page.getByLabel('API key').fill(key);
      await page.getByRole('button', { name: 'Use this key' }).click();
      await settled(page);
      await page.reload();
      await settled(page);
      expect(await page.locator('.stage-card').count()).toBe(4);
      expect(page.url()).not.toContain(key);
    });
  });
});
