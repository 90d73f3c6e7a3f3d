import { type ClickHouse, defineQuery, integerColumn } from '@michinori/clickhouse';
import { temporaryClickHouse } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAddressPolicy } from '../../src/channels/http/address-policy.ts';
import { createPost } from '../../src/channels/http/post.ts';
import { createWebhookChannel } from '../../src/channels/webhook-channel.ts';
import { createClickHouseOutboxStore, createOutbox, type Delivery, type OutboxStore } from '../../src/index.ts';
import { virtualClock } from '../channels/clock.ts';
import { episode, minuteUs, notification, startUs } from '../channels/notifications.ts';
import { answers, receiver } from '../channels/receiver.ts';
import { playedChannel, retry } from './receivers.ts';

const closings: (() => Promise<void>)[] = [];
let clickhouse: ClickHouse;

beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
});
afterAll(async () => {
  for (const close of closings) await close();
});

const rowsOf = defineQuery({
  name: 'rows_of',
  sql: 'SELECT count() AS rows FROM alert_notifications WHERE id = {id:String}',
  params: z.object({ id: z.string() }),
  row: z.object({ rows: integerColumn }),
});

let names = 0;
/** A channel of its own, so that tests don't see each other's deliveries. */
const ownName = () => `channel-${++names}`;

/** What the store holds for a channel. */
const unfinishedOf = async (store: OutboxStore, channel: string) =>
  (await store.unfinished()).filter((delivery) => delivery.channel === channel);

function delivery(given: Partial<Delivery> = {}): Delivery {
  return {
    ...{ notification: notification({ alert: `alert-${++names}` }), channel: 'c', sequence: startUs, revision: 0 },
    ...{ state: 'waiting', attempts: 0, dueAtUs: startUs, reason: null, detail: '' },
    ...given,
  };
}

describe('the outbox in ClickHouse', () => {
  it('gives back what it was given', async () => {
    const store = createClickHouseOutboxStore(clickhouse);
    const channel = ownName();
    const odd = notification({
      ...{ segment: null, alert: `odd "'\\ 離脱 ${channel}`, title: { en: 'a\nb', ja: '\u2028' }, text: { en: '' } },
      ...{ k: null, n: null, rate: null, usualRate: null, lo: null, hi: null, lift: null, q: 1e-300 },
      ...{ state: 'resolved' as const, resolvedAtUs: startUs + 1, runbookUrl: 'https://x.example/' },
    });
    const given = [
      delivery({ channel, notification: odd, sequence: startUs + 2, dueAtUs: startUs + 123_456 }),
      delivery({ channel, revision: 3, attempts: 2, reason: 'timeout', detail: `"x"\n'y'` }),
      delivery({ channel, state: 'standing', sequence: startUs + 1 }),
    ];
    expect(await store.append(given)).toEqual(given);
    expect(await unfinishedOf(createClickHouseOutboxStore(clickhouse), channel)).toEqual([
      given[1],
      given[2],
      given[0],
    ]);
  });

  it('adds what was not there by id and channel, and leaves the rest as it is', async () => {
    const store = createClickHouseOutboxStore(clickhouse);
    const [channel, second] = [ownName(), ownName()];
    const first = delivery({ channel });
    await store.append([first]);
    await store.record({ ...first, revision: 1, attempts: 1 });
    const otherWords = { ...first.notification, title: { en: 'other words' } };
    const repeated = { ...first, notification: otherWords, sequence: startUs + 9 };
    const beside = { ...repeated, channel: second };
    expect(await store.append([repeated, beside])).toEqual([beside]);
    expect(await unfinishedOf(store, channel)).toEqual([{ ...first, revision: 1, attempts: 1 }]);
    expect(await unfinishedOf(store, second)).toEqual([{ ...beside, notification: first.notification }]);
    expect(await clickhouse.queryOnWriter(rowsOf, { id: first.notification.id })).toEqual([{ rows: 1 }]);
    expect(await store.append([])).toEqual([]);
  });

  it('holds the highest revision, in whatever order it was recorded', async () => {
    const store = createClickHouseOutboxStore(clickhouse);
    const channel = ownName();
    const first = delivery({ channel });
    await store.append([first]);
    await store.record({ ...first, revision: 2, attempts: 2, state: 'waiting', dueAtUs: startUs + 2 });
    await store.record({ ...first, revision: 1, attempts: 1, state: 'waiting', dueAtUs: startUs + 1 });
    expect(await unfinishedOf(store, channel)).toMatchObject([{ attempts: 2, dueAtUs: startUs + 2 }]);
    await store.record({ ...first, revision: 3, state: 'delivered' });
    await store.record({ ...first, revision: 2, state: 'waiting' });
    expect(await unfinishedOf(store, channel)).toEqual([]);
  });

  it.each(['delivered', 'refused', 'replaced'] as const)('has done with what is %s', async (state) => {
    const store = createClickHouseOutboxStore(clickhouse);
    const first = delivery({ channel: ownName() });
    await store.append([first]);
    await store.record({ ...first, revision: 1, state });
    expect(await unfinishedOf(store, first.channel)).toEqual([]);
  });

  it('forgets reasons that it does not know', async () => {
    const store = createClickHouseOutboxStore(clickhouse);
    const first = delivery({ channel: ownName() });
    await store.append([first]);
    const columns = [
      'notification',
      'channel',
      'sequence',
      'revision',
      'state',
      'attempts',
      'due_at',
      'reason',
      'detail',
    ];
    const row = [first.notification.id, first.channel, startUs, 1, 'waiting', 1, startUs, 'of_tomorrow', 'd'];
    await clickhouse.insert({ table: 'alert_deliveries', columns, rows: [row] });
    expect(await unfinishedOf(store, first.channel)).toMatchObject([{ reason: null, detail: 'd' }]);
  });
});

describe('notifications across a death of the alerter', () => {
  const post = createPost({ policy: createAddressPolicy(['127.0.0.1']), connectMsMax: 60_000, wholeMsMax: 60_000 });
  const [firing, resolved] = episode({ alert: 'across a death' });

  it('arrive once each, by id, the beginning first, although the receiver was down', async () => {
    const name = ownName();
    const down = await receiver();
    await down.close();
    const clock = virtualClock();
    const channel = createWebhookChannel({
      ...{ name, url: down.url, keys: [Buffer.alloc(32, 1)], post, clock, userAgent: 'x' },
      accepts: () => true,
    });
    const outbox = () => createOutbox({ store: createClickHouseOutboxStore(clickhouse), channels: [channel], clock });

    const first = outbox();
    await first.enqueue([firing]);
    await first.tick();
    clock.advanceMs(10_000);
    await first.tick();
    const second = outbox();
    clock.advanceMs(60_000);
    await second.enqueue([resolved]);
    await second.tick();
    const up = await receiver(answers(200), { port: down.port });
    const third = outbox();
    for (let minute = 0; minute < 10; minute++) {
      clock.advanceMs(60_000);
      await third.tick();
    }
    const fourth = outbox();
    await fourth.enqueue([firing, resolved]);
    await fourth.tick();
    expect(up.requests.map(({ headers }) => headers['webhook-id'])).toEqual([firing.id, resolved.id]);
    expect(up.requests.map(({ body }) => JSON.parse(body).type)).toEqual(['alert.firing', 'alert.resolved']);
    expect(await unfinishedOf(createClickHouseOutboxStore(clickhouse), name)).toEqual([]);
  });

  it('that struck between sending and recording come again with the same id, and nothing is lost', async () => {
    const name = ownName();
    const server = await receiver(answers(200));
    const clock = virtualClock();
    const channel = createWebhookChannel({
      ...{ name, url: server.url, keys: [Buffer.alloc(32, 1)], post, clock, userAgent: 'x' },
      accepts: () => true,
    });
    const store = createClickHouseOutboxStore(clickhouse);
    const dying: OutboxStore = { ...store, record: () => new Promise(() => {}) };
    const [begins, ends] = episode({ alert: name });
    const first = createOutbox({ store: dying, channels: [channel], clock });
    await first.enqueue([begins, ends]);
    void first.tick();
    await server.has(1);
    const second = createOutbox({ store, channels: [channel], clock });
    await second.tick();
    const ids = server.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([begins.id, begins.id, ends.id]);
    expect([...new Set(ids)]).toEqual([begins.id, ends.id]);
  });

  it('follow the schedule to the dead letter, through restarts, on the clock alone', async () => {
    const name = ownName();
    const server = await receiver(answers(500, {}, 'no'));
    const clock = virtualClock();
    const channel = createWebhookChannel({
      ...{ name, url: server.url, keys: [Buffer.alloc(32, 1)], post, clock, userAgent: 'x' },
      accepts: () => true,
    });
    const [begins] = episode({ alert: name });
    const store = createClickHouseOutboxStore(clickhouse);
    await createOutbox({ store, channels: [channel], clock }).enqueue([begins]);
    const seconds: number[] = [];
    for (let step = 0; step < 100; step++) {
      const [open] = await unfinishedOf(store, name);
      if (open === undefined) break;
      clock.advanceMs(Math.ceil((open.dueAtUs - clock.nowUs()) / 1000));
      seconds.push((clock.nowUs() - startUs) / 1e6);
      await createOutbox({ store, channels: [channel], clock }).tick();
    }
    expect(server.requests).toHaveLength(10);
    const nominal = [0, 5, 305, 2105, 9305, 27_305, 63_305, 113_705, 185_705, 272_105];
    for (const [index, second] of seconds.entries()) {
      expect(second).toBeGreaterThanOrEqual(nominal[index] ?? Number.NaN);
      expect(second).toBeLessThanOrEqual((nominal[index] ?? Number.NaN) * 1.2 + 1);
    }
  });

  it('keep what stands standing', async () => {
    const name = ownName();
    const channel = playedChannel(name, { tells: 'state' });
    channel.play(() => ({ outcome: 'delivered', againAfterMs: 60_000 }));
    const clock = virtualClock();
    const outbox = () => createOutbox({ store: createClickHouseOutboxStore(clickhouse), channels: [channel], clock });
    const [begins, ends] = episode({ alert: name });
    const first = outbox();
    await first.enqueue([begins]);
    await first.tick();
    clock.advanceMs(120_000);
    channel.play(() => retry(minuteUs));
    const second = outbox();
    await second.tick();
    await second.enqueue([ends]);
    channel.play(() => ({ outcome: 'delivered' }));
    const third = outbox();
    await third.tick();
    expect(channel.turns).toEqual(['firing 1', 'firing 1', 'resolved 1']);
    expect(await unfinishedOf(createClickHouseOutboxStore(clickhouse), name)).toEqual([]);
  });
});
