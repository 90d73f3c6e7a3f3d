import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, openBoard } from './board.ts';
import { openPage, picture, settled, violations } from './browser.ts';
import { fillDemo, type Server } from './server.ts';

const shared = 'range=365d&tz=UTC';
const dayMs = 86_400_000;
const steps = 'step=trial.started&step=contract.signed';
const conditions = [
  'where=%5B1%2C%22trait%3Aplan%22%2C%22in%22%2C%22pro%22%2C%22starter%22%5D',
  'within=2%3A40d&hold=trait%3Aindustry&exclude=%5B%22contract.cancelled%22%2C1%2C2%5D&trend=month&times=1..2',
].join('&');

type Row = Record<string, number | string | null>;

describeInBrowser('conditions and segments in a browser: the form of the funnel', (chromium) => {
  let server: Server;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await openBoard(chromium);
    await fillDemo(server);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function ask(path: string, body: object): Promise<{ rows: Row[]; meta: Row }> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as { rows: Row[]; meta: Row };
  }

  it('builds by keyboard filters, an exclusion and a course, with the same numbers as curl', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    await page.goto(`${server.url}/funnel?${shared}&lang=en&${steps}&window=60d`);
    await settled(page);
    const into = async (label: string, text: string) => {
      const field = page.getByLabel(label, { exact: true });
      await field.fill(text);
      await field.press('Tab');
    };
    const press = async (name: RegExp) => {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
    };
    await page.getByText('Conditions of this step: Step 1').focus();
    await page.keyboard.press('Enter');
    await press(/^Add a filter ?: Step 1$/);
    await into('Step 1, filter 1: Name', 'plan');
    await page.getByLabel('Step 1, filter 1: how').selectOption('in');
    await into('Step 1, filter 1: Value', 'pro|starter');
    await page.getByText('More conditions').focus();
    await page.keyboard.press('Enter');
    await press(/^Add an exclusion$/);
    await into('Exclusion 1: Touchpoint', 'training.attended');
    await page.getByRole('combobox', { name: 'Over time' }).selectOption('month');
    await page.getByRole('checkbox', { name: 'Time between steps' }).check();
    const course = page.getByRole('region', { name: 'Conversion over time' });
    await course.locator('.chart svg').waitFor();
    expect(await violations(page)).toEqual([]);
    await picture(page, 'funnel-form');

    const body = {
      steps: [
        { touchpoint: 'trial.started', where: [{ trait: 'plan', op: 'in', value: ['pro', 'starter'] }] },
        { touchpoint: 'contract.signed' },
      ],
      window: { value: 60, unit: 'day' },
      from: new Date(Date.UTC(2026, 10, 20) - 364 * dayMs).toISOString(),
      to: new Date(Date.UTC(2026, 10, 21)).toISOString(),
      exclude: [{ touchpoint: 'training.attended', after: 1, before: 2 }],
    };
    const cells = async (region: string) => {
      const panel = page.getByRole('region', { name: region, exact: true });
      await panel.getByRole('button', { name: 'Show as table' }).click();
      const rows = panel.locator('tbody tr');
      return rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    };
    const whole = await ask('/v1/funnels/query', body);
    expect(whole.rows[0]?.customers).toBeGreaterThan(10);
    const without = await ask('/v1/funnels/query', {
      ...body,
      exclude: [],
      steps: [{ touchpoint: 'trial.started' }, { touchpoint: 'contract.signed' }],
    });
    expect(without.rows[0]?.customers).not.toBe(whole.rows[0]?.customers);
    const bars = await cells('Conversion');
    expect(bars.map((row) => [row[2], row[6], row[7]])).toEqual(
      whole.rows.map(({ customers, dropped, open }) => [`${customers}`, `${dropped}`, `${open}`]),
    );
    const { rows } = await ask('/v1/funnels/query', { ...body, trend: { interval: 'month' } });
    const months = await cells('Conversion over time');
    expect(rows.length).toBeGreaterThan(20);
    expect(months.map((row) => [row[3], row[4], row[7]])).toEqual(
      rows.map(({ customers, n, open }) => [`${customers}`, `${n}`, `${open}`]),
    );
    const times = await ask('/v1/funnels/time-to-convert', { ...body, fromStep: 1, toStep: 2 });
    const bins = await cells('How long it takes');
    expect(bins.map((row) => row[1])).toEqual(times.rows.map(({ customers }) => `${customers}`));
    expect(complaints).toEqual([]);
  });

  it('shows what an address says, in two languages and on a phone, without a complaint of axe', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    for (const language of ['en', 'ja']) {
      await page.goto(`${server.url}/funnel?${shared}&lang=${language}&${steps}&${conditions}`);
      await settled(page);
      await page.locator('.histogram, .notice').first().waitFor();
      expect(await violations(page)).toEqual([]);
    }
    expect(await page.locator('.filter-row').count()).toBe(3);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await picture(page, 'funnel-form-phone');
    expect(complaints).toEqual([]);
  });

  it('has the map beside it, a drawing per value of a segment, whose numbers lead to its customers', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    await page.goto(`${server.url}/journeys/customer-success/map?${shared}&lang=en&segment=industry%3Aretail`);
    await settled(page);
    await page.getByLabel('Split by').selectOption('plan');
    await page.waitForURL(/by=plan/);
    const own = page.getByRole('region', { name: 'Journey map, plan: pro' });
    await own.waitFor();
    expect(await violations(page)).toEqual([]);
    await picture(page, 'map-split');
    const query = `${shared.replace('range=365d&tz', 'timezone')}&by=plan&segment=industry%3Aretail&detail=overview`;
    const range = `from=${new Date(Date.UTC(2026, 10, 20) - 364 * dayMs).toISOString()}&to=2026-11-21T00:00:00Z`;
    const answer = await fetch(`${server.url}/v1/journeys/customer-success/map?${query}&${range}`);
    const { rows } = (await answer.json()) as { rows: Row[] };
    const stages = rows.filter(({ kind, segment }) => kind === 'stage' && segment === 'pro');
    expect(stages[0]?.entered).toBeGreaterThan(0);
    expect(await own.locator('.stage-entered b').allTextContents()).toEqual(stages.map(({ entered }) => `${entered}`));
    await own.getByRole('link', { name: /^Onboarding: Lost/ }).click();
    await page.waitForURL(/\/customers/);
    expect(new URL(page.url()).searchParams.getAll('segment')).toEqual(['industry:retail', 'plan:pro']);
    expect(complaints).toEqual([]);
  });

  it('counts accounts where it is told to, and its customers are those of the same question', async () => {
    const { page } = await openPage(browser, server.url);
    await page.goto(`${server.url}/funnel?range=365d&tz=UTC&lang=en&${steps}&${conditions}`);
    await settled(page);
    await page.getByRole('combobox', { name: 'Count' }).selectOption('account');
    await page.waitForURL(/unit=account/);
    await settled(page);
    const figure = page.getByRole('button', { name: /who reached trial\.started$/ });
    const count = Number(/\d+/.exec((await figure.textContent()) ?? '')?.[0]);
    expect(count).toBeGreaterThan(0);
    await figure.click();
    const sheet = page.getByRole('dialog');
    await sheet.locator('tbody tr').first().waitFor();
    expect(await sheet.locator('tbody tr').count()).toBe(Math.min(50, count));
  });

  it('keeps what is being typed while answers come anew', async () => {
    const { page } = await openPage(browser, server.url);
    await page.goto(`${server.url}/funnel?${shared}&lang=en&${steps}`);
    await settled(page);
    const field = page.getByRole('combobox', { name: /^Step 2: / });
    await field.fill('contract.sig');
    const asked = page.waitForResponse((response) => response.url().endsWith('/v1/funnels/query'));
    await page.clock.runFor(61_000);
    await asked;
    await settled(page);
    expect(await field.inputValue()).toBe('contract.sig');
    await field.press('Tab');
    await page.waitForURL(/step=contract\.sig/);
  });
});
