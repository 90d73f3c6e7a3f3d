import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { checkMetrics, prepareAlertmanager } from '@michinori/testing/monitoring';
import { describe, expect, it } from 'vitest';
import { createAlerterMetrics } from '../../src/alerter-metrics.ts';
import { createChannels, createDeliveryMetrics, createOutbox, loadChannels } from '../../src/index.ts';
import { memoryStore } from '../outbox/memory-store.ts';
import { minuteUs, notification } from './notifications.ts';
import { answers, receiver } from './receiver.ts';

/** Tells the receiver of every alert and its end, without the pauses that people need. */
const configuration = (url: URL) => `
route: { receiver: test, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers: [{ name: test, webhook_configs: [{ url: "${url.href}", send_resolved: true }] }]
`;

const nowUs = () => Date.now() * 1000;
/** The clock of the machine, moved. */
const movedClock = () => {
  let movedUs = 0;
  return {
    nowUs: () => nowUs() + movedUs,
    advanceMs(ms: number) {
      movedUs += ms * 1000;
    },
  };
};

const channelsTo = (...urls: URL[]) => {
  const text = `channels: [{ name: am, type: alertmanager, peers: [${urls.map(({ origin }) => JSON.stringify(origin)).join(', ')}] }]`;
  const loaded = loadChannels({ name: 'c', text }, { env: {}, readFile: () => '' });
  return (clock: { nowUs(): number }) => createChannels(loaded, { clock, logger: createSilentLogger(), log: null });
};

describe('a real Alertmanager', () => {
  it('shows what fires at every peer, forgets what is over, and tells its own receivers of both', async (context) => {
    const told = await receiver(answers(200));
    const peers = await Promise.all([1, 2].map(() => prepareAlertmanager(context, configuration(told.url))));
    const [first, second] = peers;
    if (first === undefined || second === undefined) throw new Error('no peers');
    const clock = movedClock();
    const store = memoryStore();
    const channels = channelsTo(first.url, second.url)(clock);
    const outbox = createOutbox({ store, channels, clock });
    const shown = async ({ amtool }: typeof first) => {
      const { output } = await amtool('alert', 'query', '--output=json');
      return JSON.parse(output) as {
        labels: Record<string, string>;
        annotations: Record<string, string>;
        generatorURL: string;
      }[];
    };

    const startedAtUs = nowUs() - minuteUs;
    const firing = notification({
      startedAtUs,
      runbookUrl: 'https://runbook.example.com/x',
      title: { en: '離脱 <&> "x"' },
    });
    await outbox.enqueue([firing]);
    await outbox.tick();
    expect(store.rows()[0]).toMatchObject({ state: 'waiting', reason: 'connect_failed' });

    await first.start();
    clock.advanceMs(2000);
    await outbox.tick();
    expect(store.states()).toEqual(['firing am standing']);
    await second.start();
    clock.advanceMs(61_000);
    await outbox.tick();
    for (const peer of peers) {
      expect(await shown(peer)).toMatchObject([
        {
          labels: {
            ...{ alertname: 'trial-drop-off', service: 'michinori', severity: 'page', kind: 'drop_off' },
            ...{ journey: 'buying', stage: 'trial', segment: 'plan:pro' },
          },
          annotations: {
            summary: '離脱 <&> "x"',
            k: '42',
            usual_rate: '0.2',
            runbook_url: 'https://runbook.example.com/x',
          },
          generatorURL: firing.boardUrl,
        },
      ]);
    }

    await outbox.enqueue([notification({ startedAtUs, state: 'resolved', resolvedAtUs: nowUs() - 1 })]);
    await outbox.tick();
    expect(store.states()).toEqual(['firing am replaced', 'resolved am delivered']);
    for (const peer of peers) await expect.poll(() => shown(peer), { timeout: 10_000 }).toEqual([]);
    await told.has(4);
    const said = told.requests.map(
      ({ body }) => JSON.parse(body) as { status: string; alerts: { startsAt: string }[] },
    );
    expect(said.map(({ status }) => status).sort()).toEqual(['firing', 'firing', 'resolved', 'resolved']);
    expect(new Set(said.flatMap(({ alerts }) => alerts.map(({ startsAt }) => Date.parse(startsAt) * 1000)))).toEqual(
      new Set([Math.floor(startedAtUs / 1000) * 1000]),
    );
  });
});

describe('promtool', () => {
  it('finds nothing to say about the metrics of the alerter', async (context) => {
    const metrics = createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false });
    const evaluations = createAlerterMetrics(metrics);
    evaluations.showStages([
      {
        ...{ journey: 'j', stage: 's', segment: 'plan:"x\\y"', state: 'ok', entered: 1 },
        ...{ dropOffRate: 0, dropOffLo: 0, dropOffHi: 1, dropOffEstimate: 0 },
      },
    ]);
    evaluations.finished(1, 1);
    const deliveries = createDeliveryMetrics(metrics, ['a']);
    deliveries.showAlerts(new Map([['a "quoted"\nname', true]]));
    deliveries.delayed('a', 1);
    deliveries.waiting('a', 1, 1);
    const { text } = await metrics.exposition();
    expect(await checkMetrics(context, text)).toEqual({ exitCode: 0, output: '' });
  });

  it('would say something about others', async (context) => {
    const { exitCode, output } = await checkMetrics(context, '# TYPE a_total gauge\na_total 1\n');
    expect(exitCode).not.toBe(0);
    expect(output).toContain('_total');
  });
});
