import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAlertingFiles } from '@michinori/alerter';
import { createSilentLogger } from '@michinori/runtime';
import { expect, it, onTestFinished } from 'vitest';
import { createStandalone, loadStandaloneConfig } from '../../src/index.ts';

it('evaluates rules in standalone, where there is one process and it leads', { timeout: 120_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'michinori-alerting-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const rules = join(data, 'rules.yaml');
  writeFileSync(rules, 'alert: losses\njourney: buying\n');
  const { config } = loadStandaloneConfig({ flags: { data, port: 0, 'alerter-rules': rules }, env: {}, file: null });
  const standalone = createStandalone({
    ...{ config, logger: createSilentLogger(), nowUs: () => Date.now() * 1000 },
    alertingFiles: loadAlertingFiles(config.alerter, {}),
  });
  await standalone.lifecycle.start();
  onTestFinished(() => standalone.lifecycle.stop('the test is over'));
  const metrics = async () => (await fetch(`${standalone.url()}/metrics`)).text();
  await expect.poll(metrics, { timeout: 60_000 }).toMatch(/^michinori_alert_state\{alert="losses".*\} 0$/m);
  expect(await metrics()).toMatch(/^michinori_alert_leader_state(\{.*\})? 1$/m);
  expect(await (await fetch(`${standalone.url()}/v1/alerts`)).json()).toMatchObject({ rows: [] });
});
