import { connectEventLog, type EventLog, eventLogSettings } from '@michinori/event-log';
import { type AlertSignal, decodeAlertSignal, topicSettings, topics } from '@michinori/events';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { temporaryClickHouse } from '@michinori/testing';
import { sharedKafka } from '@michinori/testing/kafka';
import { expect, it } from 'vitest';
import { type AlertingFiles, alerterSettings, loadChannels, openAlerting } from '../../src/index.ts';
import { fillBadDays } from './bad-days.ts';
import { dailyRule, dayUs, firstUs, hourUs, rulesOf } from './world.ts';

const kafka = sharedKafka();
const segments = 'by: [plan]\nchannels: [programs]\n';

/** Every alert in the topic of signals, by partition in its order. */
async function told(log: EventLog): Promise<AlertSignal[][]> {
  const limits = { recordsMax: 1_000, bytesMax: 10_000_000 };
  const places = await log.positions(topics.signals);
  return Promise.all(
    places.map(async ({ partition, earliest, next }) => {
      const records = next > earliest ? await log.read(topics.signals, partition, earliest, limits) : [];
      return records.map(({ value }) => {
        const signal = decodeAlertSignal(value);
        if (signal.kind === 'undecodable') throw new Error(signal.message);
        return signal;
      });
    }),
  );
}

it('a consumer reads of every episode one beginning and one end, over an alerter that dies behind its writing', {
  timeout: 300_000,
}, async (context) => {
  const { brokers } = kafka(context);
  const settings = eventLogSettings.parse({
    kafka: { brokers, topicPrefix: 'alerts-test.', partitions: 3, replication: 1 },
  });
  const log = await connectEventLog(settings, '', { topics: topicSettings });
  context.onTestFinished(() => log.close());
  const clickhouse = await temporaryClickHouse(context);
  await fillBadDays(clickhouse);
  const text = 'channels: [{ name: programs, type: signals }]';
  const channels = loadChannels({ name: 'channels.yaml', text }, { env: {}, readFile: () => '' });
  const rules = rulesOf(dailyRule('trips').replace('channels: [people]\n', segments)).map((rule) => ({
    ...rule,
    file: 'rules.yaml',
  }));
  const files: AlertingFiles = { channels, rules, fingerprint: '', again: () => files };
  let nowUs = firstUs + hourUs;
  const start = (own: Pick<EventLog, 'append'>) =>
    openAlerting({
      ...{ clickhouse, log: own, logger: createSilentLogger(), nowUs: () => nowUs, files },
      metrics: createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false }),
      config: alerterSettings.parse({}),
    });

  // It writes, and never comes to note that it has.
  let dead = () => {};
  const isDead = new Promise<void>((resolve) => {
    dead = resolve;
  });
  const first = start({
    async append(topic, records) {
      await log.append(topic, records);
      dead();
      return new Promise(() => {});
    },
  });
  void first.tick();
  await isDead;
  const second = start(log);
  for (let day = 0; day < 4; day++) {
    await second.tick();
    nowUs += dayUs;
  }
  await second.stop();

  const partitions = await told(log);
  const all = partitions.flat();
  const unique = [...new Map(all.map((signal) => [signal.id, signal])).values()];
  expect(all.length - unique.length, 'what was written by the first is written once more').toBe(1);
  expect(unique.map(({ state, segment }) => `${segment?.value ?? 'everybody'} ${state}`).sort()).toEqual([
    ...['everybody firing', 'everybody resolved', 'free firing', 'free resolved'],
  ]);
  for (const signals of partitions) {
    const ends = signals.filter(({ state }) => state === 'resolved');
    for (const end of ends) {
      const beginning = signals.findIndex(
        ({ state, startedAtUs, segment }) =>
          state === 'firing' && startedAtUs === end.startedAtUs && segment?.value === end.segment?.value,
      );
      expect(beginning).toBeGreaterThanOrEqual(0);
      expect(beginning).toBeLessThan(signals.indexOf(end));
    }
  }
});
