import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { temporaryClickHouse } from '@michinori/testing';
import { prepareAlertmanager, startPrometheus } from '@michinori/testing/monitoring';
import { expect, it } from 'vitest';
import { type AlertingFiles, alerterSettings, loadChannels, openAlerting } from '../../src/index.ts';
import { fillBadDays } from './bad-days.ts';
import { dailyRule, dayUs, hourUs, rulesOf } from './world.ts';

const rulesFolder = join(import.meta.dirname, '../../../../infra/prometheus/rules');
const quiet = 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n';

it('from rules to a real Alertmanager, firing and then over, while a real Prometheus reads the metrics', {
  timeout: 180_000,
}, async (context) => {
  const alertmanager = await prepareAlertmanager(context, quiet);
  await alertmanager.start();
  // The rule is due half a day ago, so that no other evaluation comes while the test runs.
  const dueUs = Math.floor((Date.now() * 1000 - 12 * hourUs) / hourUs) * hourUs;
  const midnightUs = Math.floor(dueUs / dayUs) * dayUs;
  const schedule = `schedule: 0 ${(dueUs - midnightUs) / hourUs} * * *\n`;
  const clickhouse = await temporaryClickHouse(context);
  await fillBadDays(clickhouse, midnightUs);
  const metrics = createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false });
  const server = createServer(async (_request, response) => {
    const { contentType, text } = await metrics.exposition();
    response.writeHead(200, { 'content-type': contentType }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const prometheus = await startPrometheus(context, {
    scraped: { alerter: new URL(`http://127.0.0.1:${port}/metrics`) },
    rules: readdirSync(rulesFolder).map((name) => join(rulesFolder, name)),
  });

  const text = `channels: [{ name: am, type: alertmanager, peers: [${JSON.stringify(alertmanager.url.origin)}] }]`;
  const channels = loadChannels({ name: 'channels.yaml', text }, { env: {}, readFile: () => '' });
  const rules = rulesOf(dailyRule('trips', schedule).replace('people', 'am')).map((rule) => ({
    ...rule,
    file: 'rules.yaml',
  }));
  const files: AlertingFiles = { channels, rules, fingerprint: '', again: () => onDisk };
  let onDisk = files;
  // Two minutes behind, so that the end of the rule, a minute later, isn't ahead of Alertmanager's clock.
  let offUs = -120_000_000;
  const alerting = openAlerting({
    ...{ clickhouse, log: null, metrics, logger: createSilentLogger(), files },
    nowUs: () => Date.now() * 1000 + offUs,
    config: alerterSettings.parse({ boardUrl: 'https://board.example.com' }),
  });
  context.onTestFinished(() => alerting.stop());
  await alerting.tick();
  const shown = async () => {
    const answer = await fetch(new URL('/api/v2/alerts', alertmanager.url));
    return ((await answer.json()) as { labels: Record<string, string> }[]).map(({ labels }) => labels.alertname);
  };
  await expect.poll(shown, { timeout: 30_000 }).toEqual(['trips']);
  const value = async (expression: string) => [...(await prometheus.query(expression)).values()];
  await expect.poll(() => value('michinori_alert_state{alert="trips"}'), { timeout: 30_000 }).toEqual([1]);
  expect(await value('michinori_alert_leader_state')).toEqual([1]);
  expect(await value('up{job="alerter"}')).toEqual([1]);
  await expect
    .poll(() => value('michinori_alert_deliveries_total{channel="am",outcome="delivered"}'), { timeout: 30_000 })
    .toEqual([1]);

  // The rule is taken out of its file: its alarm is over.
  onDisk = { ...files, rules: [], fingerprint: 'without the rule' };
  offUs += 60_000_000;
  await alerting.tick();
  await alerting.tick();
  await expect.poll(shown, { timeout: 30_000 }).toEqual([]);
  await expect.poll(() => value('michinori_alert_state{alert="trips"}'), { timeout: 30_000 }).toEqual([]);
  expect(await value('michinori_alert_outbox_oldest_timestamp_seconds{channel="am"}')).toEqual([0]);
  // None of the rules about the alerter has anything to say.
  expect(await value('ALERTS{alertname=~"MichinoriAlert.*",alertstate="firing"}')).toEqual([]);
});
