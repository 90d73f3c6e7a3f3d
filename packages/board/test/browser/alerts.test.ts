import { alerts, createClient } from '@michinori/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeEvaluations } from './alert-rows.ts';
import { describeInBrowser, openBoard } from './board.ts';
import { openPage, picture, settled, violations } from './browser.ts';
import { endMs, fillDemo, type Server } from './server.ts';

const shared = 'range=90d&tz=Asia%2FTokyo';
const chosen = `alert=losing&series=${encodeURIComponent('["onboarding","plan:pro"]')}`;
const rule = `alert: losing
title: { en: Onboarding loses more, ja: オンボーディングの離脱 }
journey: customer-success
stages: [onboarding]
by: [plan]
horizon: 14d
channels: [nowhere]
`;
const series = [
  { stage: 'onboarding', state: 'ok' },
  { stage: 'onboarding', segment: 'plan:pro', state: 'firing', firing: true },
  { stage: 'onboarding', segment: 'plan:enterprise', state: 'insufficient' },
  { stage: 'onboarding', segment: 'plan:starter', state: 'late-data' },
];

describeInBrowser('alerts in a browser', (chromium) => {
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

  it('say how to write a rule where there is none', async () => {
    const { page, complaints } = await openPage(browser, server.url);
    for (const language of ['en', 'ja']) {
      await page.goto(`${server.url}/alerts?${shared}&lang=${language}`);
      await settled(page);
      await page.getByText('michinori alerts apply').waitFor();
      expect(await violations(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  describe('with a rule', () => {
    beforeAll(async () => {
      const client = createClient({ url: server.url });
      await client.ask(alerts.applyRules(rule));
      const listed = async () => (await client.ask(alerts.rules())).rows.length;
      await vi.waitFor(async () => expect(await listed()).toBe(1), { timeout: 30_000, interval: 100 });
      const { clickhouse } = server.standalone.stores();
      await writeEvaluations(clickhouse, { alert: 'losing', nowUs: endMs * 1000, standings: series });
    });

    it('show states by mark and word, in two languages and on a phone, without a complaint of axe', async () => {
      const { page, complaints } = await openPage(browser, server.url);
      for (const language of ['en', 'ja']) {
        await page.goto(`${server.url}/alerts?${shared}&lang=${language}&${chosen}`);
        await settled(page);
        await page.locator('.alert-card').first().waitFor();
        await page.locator('.spans-line').first().waitFor();
        expect(await violations(page)).toEqual([]);
        await picture(page, `alerts-${language}`);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      await picture(page, 'alerts-phone');
      expect(complaints).toEqual([]);
    });

    it('open with the series that a message names, and lead to the customers behind it', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}/alerts?${shared}&lang=en&${chosen}`);
      const card = page.locator('.alert-card.is-chosen');
      await card.getByRole('heading', { name: /^Onboarding · plan: pro/ }).waitFor();
      expect(await card.textContent()).toMatch(/Firing.*Onboarding · plan: pro.*35\.0% 27\.0% to 44\.0% 42 of 120/s);
      const states = await page.locator('.alert-card .alert-state').allTextContents();
      expect(states.map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
        ...['▲ Firing Somebody', '◔ Data is', '● As usual', '◌ Too few'],
      ]);
      await page.getByText('Comes from').waitFor();
      await card.getByRole('link', { name: 'The customers behind it' }).click();
      await page.locator('.sentence').waitFor();
      const { pathname, searchParams } = new URL(page.url());
      expect(pathname).toBe('/journeys/customer-success/customers');
      expect(Object.fromEntries(searchParams)).toMatchObject({
        ...{ stage: 'onboarding', outcome: 'dropped', segment: 'plan:pro' },
        ...{ from: '2026-10-30T15:00:00.000000Z', to: '2026-11-06T15:00:00.000000Z' },
      });
      const sentence = await page.locator('.sentence').textContent();
      expect(sentence).toMatch(/entered Onboarding, between Oct 31, 2026.* and Nov 7, 2026.*Left or silent.*plan pro/);
      expect(await violations(page)).toEqual([]);
    });

    it('lead to a list that the API gives, too, with every part of the link', async () => {
      const { page } = await openPage(browser, server.url);
      const link =
        'stage=onboarding&outcome=dropped&segment=plan%3Apro&segment=plan%3Astarter&touchpoint=training.attended';
      const times = 'from=2026-01-01T15%3A00%3A00.000000Z&to=2026-11-06T15%3A00%3A00.000000Z';
      const path = '/journeys/customer-success/customers';
      await page.goto(`${server.url}${path}?${link}&${times}&lang=en`);
      await settled(page);
      const answer = await fetch(`${server.url}/v1${path}?${link}&${times}&limit=50`);
      const { rows } = (await answer.json()) as { rows: { customer: string }[] };
      expect(rows.length).toBeGreaterThan(0);
      expect(await page.locator('tbody th').allTextContents()).toEqual(rows.map(({ customer }) => customer));
      expect(await page.locator('.sentence').textContent()).toContain('touched by training.attended');
      await page.getByRole('button', { name: 'Take away training.attended' }).click();
      await page.getByRole('button', { name: 'Choose other days' }).click();
      await page.getByLabel('Range').waitFor();
      await page.goto(`${server.url}${path}?lang=en&range=180d`);
      await settled(page);
      expect(await page.locator('tbody tr').count()).toBe(50);
      expect(await page.locator('.sentence').textContent()).toMatch(/^Everybody who entered a stage, between/);
    });

    it('can be cut to one state, and the address says so', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}/alerts?${shared}&lang=en`);
      await page.locator('.alert-card').first().waitFor();
      await page.getByRole('combobox', { name: 'State' }).selectOption('unjudged');
      await expect.poll(() => page.locator('.alert-card').count()).toBe(2);
      expect(new URL(page.url()).searchParams.get('state')).toBe('unjudged');
      const history = page.getByRole('region', { name: 'What happened' });
      expect(await history.locator('tbody tr').count()).toBe(2);
      expect(await history.locator('.span.span-fired').count()).toBe(2);
      await page.getByLabel('Range').selectOption('7d');
      await expect.poll(() => history.locator('tbody tr').count()).toBe(1);
    });

    it('are tried on the past: the faults of a rule where they are, then what it would have told, as curl has it', async () => {
      const { page } = await openPage(browser, server.url);
      await page.goto(`${server.url}/alerts?${shared}&lang=en&first=2026-08-01&last=2026-11-15`);
      const text = page.getByLabel('Text of the rule (YAML)');
      await expect.poll(() => text.inputValue()).toBe(rule);
      const own =
        'alert: tried\njourney: customer-success\nkind: volume\nbaseline: 28d\nmin_n: 1\nfor: 1\nfalse_alarms_per_week: 7\nmin_lfit: 1.01\n';
      await text.fill(own);
      await page.getByRole('button', { name: 'Replay' }).click();
      await page.getByText('Did you mean min_lift?').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Show line 8' }).click();
      const selected =
        'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)';
      expect(await page.evaluate(selected)).toBe('min_lfit: 1.01');
      await text.fill(own.replace('lfit', 'lift'));
      await page.getByRole('button', { name: 'Add an incident' }).click();
      await page.getByLabel('Incident 1: from').fill('2026-09-01');
      await page.getByLabel('Incident 1: to').fill('2026-09-05');
      await page.getByRole('button', { name: 'Replay' }).click();
      const result = page.getByRole('region', { name: 'What it would have told' });
      await result.waitFor({ timeout: 60_000 });
      const day = (text: string) => `${text}T00:00:00+09:00`;
      const answer = await fetch(`${server.url}/v1/alerts/backtest`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          rule: own.replace('lfit', 'lift'),
          ...{ from: day('2026-08-01'), to: day('2026-11-16') },
          incidents: [{ from: day('2026-09-01'), to: day('2026-09-06') }],
        }),
      });
      const { rows, meta } = (await answer.json()) as { rows: unknown[]; meta: { evaluations: number } };
      expect(rows.length).toBeGreaterThan(0);
      expect(await result.textContent()).toContain(`${rows.length} alarms in ${meta.evaluations} evaluations`);
      expect(await result.locator('tbody tr').count()).toBe(rows.length);
      expect(await violations(page)).toEqual([]);
      await picture(page, 'alerts-backtest');
    });

    it('take part in a wall screen: what fires, large', async () => {
      const { page } = await openPage(browser, server.url, { size: { width: 1920, height: 1080 } });
      await page.goto(`${server.url}/?kiosk=3600&lang=en&tz=UTC`);
      await page.getByText('of 5').waitFor();
      const title = page.locator('.kiosk-title b');
      for (let turn = 0; turn < 5 && (await title.textContent()) !== 'Alerts'; turn++) {
        const shown = await page.locator('.kiosk-foot').textContent();
        await page.clock.runFor(3_600_000);
        await expect.poll(() => page.locator('.kiosk-foot').textContent()).not.toBe(shown);
        await page.locator('#content .loading').first().waitFor({ state: 'detached' });
      }
      await page.locator('.alerts-wall .alert-card.is-firing').waitFor();
      expect(await page.locator('.alerts-wall .alert-card').count()).toBe(1);
      expect(await violations(page)).toEqual([]);
      await picture(page, 'alerts-kiosk', false);
    });
  });
});
