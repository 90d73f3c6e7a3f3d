import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAlertingFiles, openAlerting } from '@michinori/alerter';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { loadStandaloneConfig, type Standalone } from '@michinori/standalone';
import { vi } from 'vitest';
import { ask as askApi, runCommand, startStandalone } from '../../test/e2e/standalone.ts';
import { infra } from '../../test/infra/files.ts';

/** Few, but enough that every panel has something to show. */
const customers = 1_200;
const minuteUs = 60_000_000;
const hourUs = 60 * minuteUs;

export interface World {
  /** Address of the query API. */
  url: string;
  /** The clock of the world, ms since the epoch. */
  nowMs(): number;
  /** Makes something the matter: alarms of every journey, events that are refused, and a month with many answers. Resolves when it can be seen. */
  stir(): Promise<void>;
  close(): Promise<void>;
}

/** Noon in Tokyo on a Thursday: the world's own, so that the same weeks and months are full whenever the tests run. */
const beginningMs = Date.UTC(2026, 10, 19, 3);

/** The demo in a process of its own folder: journeys, improvements, health, and the shipped rules evaluated once. */
export async function openWorld(): Promise<World> {
  const beganMs = Date.now();
  const nowUs = () => (beginningMs + Date.now() - beganMs) * 1_000;
  const folder = mkdtempSync(join(tmpdir(), 'michinori-dashboards-'));
  const data = join(folder, 'data');
  const demo = await runCommand(['demo', '--data', data, '--customers', String(customers), '--json'], nowUs);
  if (demo.exitCode !== 0) throw new Error(`the demo could not be made: ${demo.err}`);
  const standalone = await startStandalone(data, nowUs);
  await evaluateOnce(standalone, folder, nowUs());
  return {
    url: standalone.url(),
    nowMs: () => nowUs() / 1_000,
    async stir() {
      await raiseAlarms(standalone, nowUs());
      await sendAnswers(standalone, nowUs() / 1_000);
    },
    async close() {
      await standalone.lifecycle.stop('done');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A horizon of the scores, and a few days. */
const daysBetween = 33;

/** Health and rules, with channels that write into the log: nobody else is told. */
async function evaluateOnce(standalone: Standalone, folder: string, presentUs: number): Promise<void> {
  const channels = join(folder, 'channels.yaml');
  writeFileSync(
    channels,
    'channels:\n  - { name: alertmanager, type: signals }\n  - { name: signals, type: signals }\n',
  );
  const { config } = loadStandaloneConfig({ flags: {}, env: {}, file: null });
  const settings = {
    ...config.alerter,
    ...{ channels, rules: join(infra, 'alerts/rules.yaml') },
    // A month ago, two weeks ago and now: so there is a track record, and tasks are overdue, without a history of half a year.
    ...{ healthBackfill: false, healthCatchUpMax: 1, catchUpMax: 1 },
  };
  const { clickhouse, log } = standalone.stores();
  const pastUs = presentUs - daysBetween * 24 * hourUs;
  let nowUs = pastUs;
  const alerting = openAlerting({
    clickhouse,
    log,
    metrics: createMetrics({ service: 'test', version: '0', withProcessMetrics: false }),
    logger: createSilentLogger(),
    config: settings,
    files: loadAlertingFiles(settings, {}),
    nowUs: () => nowUs,
  });
  // Health begins when a minute has brought no more events than the one before.
  for (const atUs of [pastUs, pastUs + minuteUs, presentUs - 14 * 24 * hourUs, presentUs]) {
    nowUs = atUs;
    await alerting.tick();
  }
  await alerting.stop();
}

/** One evaluation of a rule of each journey, later than those that there are, in the form in which the alerter writes it. */
async function raiseAlarms(standalone: Standalone, nowUs: number): Promise<void> {
  const atUs = nowUs - 1_000_000;
  const text = readFileSync(join(infra, 'alerts/rules.yaml'), 'utf8');
  const rules = [
    { alert: 'onboarding-drop-off', journey: 'customer-success', stage: 'onboarding' },
    { alert: 'interest-drop-off', journey: 'buying', stage: 'interest' },
  ];
  const rows = rules.map(({ alert, journey, stage }) => {
    if (!text.includes(`alert: ${alert}\n`)) throw new Error(`${alert} is no rule any more`);
    const key = { stage, segment: '', touchpoint: null };
    const figures = { k: 42, n: 120, rate: 0.35, lo: 0.27, hi: 0.44, usual: 0.2, usualLo: 0.15, usualHi: 0.26 };
    const window = { fromUs: atUs - 300 * hourUs, toUs: atUs - 200 * hourUs };
    const episode = {
      id: `${alert}-1`,
      startedUs: atUs - 48 * hourUs,
      windowFromUs: window.fromUs,
      firedUs: atUs - hourUs,
    };
    const row = {
      ...{ alert, journey, kind: 'stage-drop-off', severity: 'warning', ...key, state: 'firing', firing: true },
      ...{ episode: episode.id, startedUs: episode.startedUs, firedUs: episode.firedUs, evaluatedUs: atUs },
      ...{ windowFromUs: window.fromUs, windowToUs: window.toUs, ...figures, lift: 1.75, p: 1e-4, q: 0.0031 },
    };
    const verdict = { key, finding: 'alarming', figures: { ...figures, window, lift: 1.75, p: 1e-4 }, q: 0.0031 };
    const fired = {
      id: `${episode.id}:fired`,
      kind: 'fired',
      atUs: episode.firedUs,
      rule: alert,
      key,
      episode,
      reason: null,
      verdict,
    };
    return [alert, atUs, journey, '', '{}', JSON.stringify([fired]), '[]', JSON.stringify([row])];
  });
  await standalone.stores().clickhouse.insert({
    table: 'alert_evaluations',
    columns: ['alert', 'evaluated_at', 'journey', 'source', 'state', 'transitions', 'notices', 'rows'],
    rows,
  });
}

const answers = 40;
const plans = ['starter', 'pro', 'enterprise'];

/** New customers who answer, all in one month of the journey's time zone, and an event that is refused. */
async function sendAnswers(standalone: Standalone, nowMs: number): Promise<void> {
  const lastMonth = new Date(nowMs);
  lastMonth.setUTCMonth(lastMonth.getUTCMonth() - 1, 10);
  const at = (hours: number) => new Date(lastMonth.getTime() + hours * 3_600_000).toISOString();
  const events = plans.flatMap((plan) =>
    Array.from({ length: answers }, (_, index) => [
      { customer: `answers-${plan}-${index}`, touchpoint: 'contract.signed', occurredAt: at(0), traits: { plan } },
      { customer: `answers-${plan}-${index}`, touchpoint: 'nps.answered', occurredAt: at(1), nps: index % 11 },
    ]).flat(),
  );
  const refused = { customer: 'answers-pro-0', touchpoint: 'nps.answered', nps: 11 };
  const response = await fetch(`${standalone.url()}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([...events, refused]),
  });
  if (response.status !== 202) throw new Error(`the events were not taken: ${await response.text()}`);
  await vi.waitFor(
    async () => {
      for (const plan of plans) {
        const path = `/v1/journeys/customer-success/nps?interval=month&segment=plan:${plan}`;
        const months = await askApi<{ state: string }>(standalone.url(), path);
        if (!months.rows.some(({ state }) => state === 'ok')) throw new Error('the answers can not be seen yet');
      }
      const letters = await askApi(standalone.url(), '/v1/dead-letters');
      if (letters.rows.length === 0) throw new Error('the refused event can not be seen yet');
    },
    { timeout: 60_000, interval: 200 },
  );
}
