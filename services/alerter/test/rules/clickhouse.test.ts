import { noState, type SeriesKey } from '@michinori/alerts';
import type { ClickHouse } from '@michinori/clickhouse';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { temporaryClickHouse } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlertingFiles, alerterSettings, loadChannels, type Notification, openAlerting } from '../../src/index.ts';
import { readSeries } from '../../src/rules/read-series.ts';
import { answers, receiver } from '../channels/receiver.ts';
import { badUs, fillBadDays } from './bad-days.ts';
import { dailyRule, dayUs, firstUs, hourUs, rulesOf, travelling } from './world.ts';

const active = { derivation: 1, journey: travelling };
const reading = { seriesMax: 100, lateAfterMs: 86_400_000 };
const closings: (() => Promise<void>)[] = [];
let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
  await fillBadDays(clickhouse);
}, 120_000);
afterAll(async () => {
  for (const close of closings) await close();
});

const parsedRule = (id: string, more = '') => {
  const [parsed] = rulesOf(dailyRule(id, more));
  if (parsed === undefined) throw new Error('no rule');
  return parsed;
};

describe('what an evaluation reads', () => {
  it('are the counts of its windows, for everybody and by segment, with the events of their days', async () => {
    const { rule } = parsedRule('reading', 'by: [plan]\n');
    const read = await readSeries(clickhouse, active, rule, noState(rule.id), firstUs, reading);
    expect(read).toMatchObject({ failures: [], omitted: 0 });
    const bySegment = new Map(read.readings.map((each) => [each.key.segment, each]));
    expect([...bySegment.keys()].sort()).toEqual(['', 'plan:free', 'plan:pro']);
    // The day before yesterday is the newest whose entries have all been watched for a day.
    expect(bySegment.get('')).toMatchObject({ status: 'read', current: { fromUs: badUs, k: 40, n: 60, events: 160 } });
    const all = bySegment.get('');
    if (all?.status !== 'read') throw new Error('not read');
    expect(all.baseline.map(({ k, n }) => `${k}/${n}`)).toEqual(Array(14).fill('10/60'));
    expect(all.baseline.slice(1).every(({ events }) => events === 220)).toBe(true);
    expect(bySegment.get('plan:pro')).toMatchObject({ current: { k: 14, n: 20 } });
    expect(bySegment.get('plan:free')).toMatchObject({ current: { k: 26, n: 40 } });
  });

  it('is late where nothing was received for long, and failed where a question fails', async () => {
    const { rule } = parsedRule('reading', 'by: [plan]\n');
    const open = { id: 'e', startedUs: 1, windowFromUs: 0, firedUs: 1 };
    const key = { stage: 'booking', segment: 'plan:gone', touchpoint: null };
    const firing = (own: SeriesKey) => ({
      ...{ key: own, state: 'firing' as const, episode: open, alarming: 1, calm: 0, judgedUs: 1 },
    });
    const state = { rule: rule.id, evaluatedUs: 1, series: [firing(key)] };
    const statuses = async (store: ClickHouse, us: number, lateAfterMs = reading.lateAfterMs) => {
      const read = await readSeries(store, active, rule, state, us, { ...reading, lateAfterMs });
      return [read.failures.length, ...read.readings.map(({ key: own, status }) => `${own.segment} ${status}`).sort()];
    };
    const later = firstUs + 100 * dayUs;
    expect(await statuses(clickhouse, later)).toEqual([0, ' late-data', 'plan:gone late-data']);
    // What the rule has ceased to watch isn't read again.
    const { rule: narrower } = parsedRule('reading');
    const more = { ...state, series: [firing(key), firing({ ...key, segment: '', touchpoint: 'A' })] };
    const { readings } = await readSeries(clickhouse, active, narrower, more, firstUs, reading);
    expect(readings.map((each) => each.key)).toEqual([{ stage: 'booking', segment: '', touchpoint: null }]);
    const failing = (name: string, params?: string): ClickHouse => ({
      ...clickhouse,
      query: (query, values, options) =>
        query.name === name && (params === undefined || query.sql.includes(params))
          ? Promise.reject(new Error('out'))
          : clickhouse.query(query, values, options),
    });
    expect(await statuses(failing('alert-daily-events'), firstUs)).toEqual([
      1,
      ' query-failed',
      'plan:gone query-failed',
    ]);
    expect(await statuses(failing('alert-daily-counts', 'values[1]'), firstUs)).toEqual([
      ...[1, ' read', 'plan:gone query-failed'],
    ]);
    expect(await statuses(clickhouse, firstUs)).toEqual([
      ...[0, ' read', 'plan:free read', 'plan:gone read', 'plan:pro read'],
    ]);
  });
});

describe('from events to a receiver', () => {
  it('says once that a drop-off is up, and once that it is over, also across a restart and a receiver that is down', async () => {
    const hook = await receiver(answers(503));
    const text = `channels:
  - name: people
    type: webhook
    url: ${hook.url.href}
    secretFrom: env HOOK
    allowHttp: true
    allowAddresses: [127.0.0.0/8]
`;
    const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
    const channels = loadChannels({ name: 'channels.yaml', text }, { env: { HOOK: secret }, readFile: () => '' });
    const rules = rulesOf(dailyRule('trips', 'by: [plan]\n')).map((rule) => ({ ...rule, file: 'rules.yaml' }));
    const files: AlertingFiles = { channels, rules, fingerprint: '', again: () => files };
    let nowUs = firstUs + hourUs;
    const start = () =>
      openAlerting({
        ...{ clickhouse, log: null, logger: createSilentLogger(), nowUs: () => nowUs },
        metrics: createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false }),
        config: alerterSettings.parse({ boardUrl: 'https://board.example.com' }),
        files,
      });
    const first = start();
    await first.tick();
    expect(hook.requests.length).toBeGreaterThan(0);
    await first.stop();
    hook.behave(answers(200));
    nowUs += hourUs;
    const second = start();
    const count = hook.requests.length;
    await second.tick();
    const told = () =>
      hook.requests.slice(count).flatMap(({ body }) => {
        const { type, data } = JSON.parse(body) as { type: string; data: Notification };
        return data.alert === 'trips' ? [`${type} ${data.segment?.value ?? 'everybody'} ${data.n}`] : [];
      });
    // Those who pay are too few to be judged.
    expect(told().sort()).toEqual(['alert.firing everybody 60', 'alert.firing free 40']);
    for (let day = 0; day < 3; day++) {
      nowUs += dayUs;
      await second.tick();
    }
    await second.stop();
    expect(told().slice(2).sort()).toEqual(['alert.resolved everybody 60', 'alert.resolved free 40']);
  });
});
