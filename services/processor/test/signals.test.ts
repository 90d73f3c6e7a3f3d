import { expect, test, vi } from 'vitest';
import { answering, apply, built, config, patience, running } from './journeys.ts';
import { believed, hoursAgo, signalsOf, swept, told } from './signals.ts';
import { append, clickhouseOfFile, drain, runUntilCrash, settled, temporaryLog, testMetrics } from './world.ts';

const clickhouse = clickhouseOfFile();

test('young transitions are announced once, by customer and by account, and old ones never', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context, { partitions: 2 });
  await apply(log, 'young', { version: 3 });
  await apply(log, 'young-accounts', { unit: 'account' });
  await built(log, shared, 'young', 3);
  await built(log, shared, 'young-accounts');
  const metrics = testMetrics();
  const processor = await running(context, { log, clickhouse: shared, metrics });
  await append(log, [
    hoursAgo(30, 'young-1', 'opened', { account: 'young-acme' }),
    hoursAgo(3, 'young-1', 'used', { account: 'young-acme' }),
    hoursAgo(2, 'young-1', 'bought'),
  ]);
  await append(log, [hoursAgo(1, '', 'opened', { customer: null, anonymous: 'young-2' })]);
  await settled(log);
  await append(log, [hoursAgo(0.5, 'young-1', 'seen')]);
  await settled(log);
  await processor.stop();
  const signals = await signalsOf(log, 'young', 'young-');
  const moves = (unit: string) =>
    ['first>second advanced', 'second>third advanced', 'third> completed'].map((move) => `${unit} ${move} r1`);
  expect(told(signals)).toEqual([...moves('young-1'), '~young-2 >first entered r1']);
  expect(told(await signalsOf(log, 'young-accounts', 'young-'))).toEqual(moves('young-acme'));
  expect(signals.find(({ to }) => to === 'second')).toMatchObject({
    ...{ kind: 'stage-transition', journey: 'young', version: 3, unit: 'customer', customer: 'young-1' },
    ...{ cycle: 1, visit: 2, reason: null },
  });
  expect((await metrics.exposition()).text).toContain(
    'michinori_signals_total{kind="stage-transition",outcome="announced"} 7',
  );
});

test('what a late event makes untrue is taken back, and announced again when it becomes true again', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'late');
  await built(log, shared, 'late');
  await append(log, [hoursAgo(5, 'late-1', 'opened'), hoursAgo(3, 'late-1', 'used')]);
  await drain({ log, clickhouse: shared, config });
  const cancelled = hoursAgo(4, 'late-1', 'cancelled');
  await append(log, [cancelled]);
  await drain({ log, clickhouse: shared, config });
  expect(told(await signalsOf(log, 'late', 'late-'))).toEqual([
    'late-1 >first entered r1',
    'late-1 >second entered r1',
    'late-1 first> lost r1',
    'late-1 first>second advanced r1',
    'not late-1 first>second advanced r2',
  ]);
  await append(log, [{ ...cancelled, touchpoint: 'seen', receivedAtUs: cancelled.receivedAtUs - 1 }]);
  await drain({ log, clickhouse: shared, config });
  const signals = await signalsOf(log, 'late', 'late-');
  expect(told(believed(signals).values())).toEqual(['late-1 >first entered r1', 'late-1 first>second advanced r3']);
  expect(signals).toHaveLength(8);
});

test('a new version takes back what is not true under it, also of customers who do nothing', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'versions');
  await built(log, shared, 'versions');
  const processor = await running(context, { log, clickhouse: shared });
  await append(log, [hoursAgo(5, 'v-1', 'opened'), hoursAgo(4, 'v-1', 'used'), hoursAgo(3, 'v-1', 'used-twice')]);
  await settled(log);
  const before = await signalsOf(log, 'versions', 'v-');
  expect(told(before)).toEqual(['v-1 >first entered r1', 'v-1 first>second advanced r1']);
  await apply(log, 'versions', { version: 2, used: 'used-twice' });
  await answering(shared, 'versions', 2);
  await vi.waitFor(async () => expect(await signalsOf(log, 'versions', 'v-')).toHaveLength(4), patience);
  await swept(shared);
  await processor.stop();
  const signals = await signalsOf(log, 'versions', 'v-');
  expect(told(believed(signals).values())).toEqual(['v-1 >first entered r1', 'v-1 first>second advanced r1']);
  expect([...believed(signals).values()].map(({ version }) => version).sort()).toEqual([1, 2]);
  expect(signals.filter(({ retracted }) => retracted)).toEqual([
    { ...before.find(({ to }) => to === 'second'), revision: 2, retracted: true, announcedAtUs: expect.any(Number) },
  ]);
});

test('a journey that is applied for the first time announces what happened lately', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await append(log, [hoursAgo(40, 'first-1', 'opened'), hoursAgo(4, 'first-1', 'used')]);
  await drain({ log, clickhouse: shared, config });
  await apply(log, 'first');
  const processor = await running(context, { log, clickhouse: shared });
  await answering(shared, 'first');
  await swept(shared);
  await processor.stop();
  expect(told(await signalsOf(log, 'first', 'first-'))).toEqual(['first-1 first>second advanced r1']);
});

test('switched off, nothing is announced, and all of it when it is switched on again', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  await apply(log, 'quiet');
  const off = { ...config, signals: false };
  await append(log, [hoursAgo(4, 'quiet-1', 'opened')]);
  const processor = await running(context, { log, clickhouse: shared, config: off });
  await answering(shared, 'quiet');
  await settled(log);
  await processor.stop();
  expect(await signalsOf(log, 'quiet', 'quiet-')).toEqual([]);
  const next = await running(context, { log, clickhouse: shared });
  await swept(shared);
  await next.stop();
  const signals = await signalsOf(log, 'quiet', 'quiet-');
  expect(told(signals)).toEqual(['quiet-1 >first entered r1']);
});

const deaths = ['note', 'append', 'done'] as const;

test.each(deaths)(
  'a death after the signals are at "%s" loses none and takes back what was never said',
  async (step) => {
    const closers: (() => Promise<void>)[] = [];
    const shared = await clickhouse();
    const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
    await apply(log, 'deaths');
    const first = await running({ onTestFinished: (close) => closers.push(close) }, { log, clickhouse: shared });
    await answering(shared, 'deaths');
    await swept(shared);
    await first.stop();
    const names = [1, 2].map((n) => `dead-${step}-${n}`);
    const [stays = '', changes = ''] = names;
    await append(log, [
      ...names.map((name) => hoursAgo(5, name, 'opened')),
      ...names.map((name) => hoursAgo(4, name, 'used')),
    ]);
    await runUntilCrash({ log, clickhouse: shared, config }, `projector.after-signals-${step}`);
    await append(log, [hoursAgo(4.5, changes, 'cancelled')]);
    await drain({ log, clickhouse: shared, config });
    const signals = await signalsOf(log, 'deaths', `dead-${step}-`);
    expect(told(believed(signals).values())).toEqual(
      [
        `${stays} >first entered r1`,
        `${stays} first>second advanced r1`,
        `${changes} >first entered r1`,
        `${changes} >second entered r1`,
        `${changes} first> lost r1`,
      ].sort(),
    );
    expect(told(signals.filter(({ retracted }) => retracted))).toEqual([`not ${changes} first>second advanced r2`]);
    const times = signals.filter(({ customer, to }) => customer === stays && to === 'first').length;
    expect(times).toBe(step === 'append' ? 2 : 1);
    for (const close of closers.reverse()) await close();
  },
);
