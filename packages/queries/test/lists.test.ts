import type { ClickHouse } from '@michinori/clickhouse';
import type { TouchpointEvent } from '@michinori/events';
import { listDeadLetters, listTouchpoints, readWatermark } from '@michinori/queries';
import { type EventCopy, insertDeliveries, temporaryClickHouse } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const second = 1_000_000;
const start = Date.UTC(2026, 0, 1) * 1000;
const always = { fromUs: 0, toUs: 4_102_444_800_000_000, limit: 100 };

function delivery(id: string, touchpoint: string, customer: string, atSecond: number, offset: number): EventCopy {
  const event: TouchpointEvent = {
    id,
    customer,
    anonymous: null,
    account: null,
    touchpoint,
    channel: null,
    team: null,
    direction: null,
    topic: null,
    occurredAtUs: start + atSecond * second,
    receivedAtUs: start + (atSecond + offset) * second,
    sequence: null,
    sentiment: null,
    nps: null,
    amount: null,
    properties: new Map(),
    traits: new Map(),
  };
  return { event, log: 'events@test', logPartition: 0, logOffset: offset };
}

describe('lists over the facts', () => {
  let clickhouse: ClickHouse;

  beforeAll(async () => {
    clickhouse = await temporaryClickHouse({ onTestFinished: (close) => afterAll(close) });
  });

  it('an empty database has no watermark, no touchpoints and no dead letters', async () => {
    expect(await readWatermark(clickhouse)).toBeNull();
    expect(await listTouchpoints(clickhouse, always)).toEqual([]);
    expect(await listDeadLetters(clickhouse, { ...always, code: '', before: null })).toEqual([]);
  });

  it('counts a copied event once and an overruled one not at all', async () => {
    const copied = delivery('a', 'page.home', 'c1', 1, 0);
    await insertDeliveries(clickhouse, [
      [copied, delivery('b', 'page.home', 'c2', 5, 1), delivery('c', 'trial.started', 'c1', 9, 2)],
      [{ ...copied, logOffset: 3 }, delivery('c', 'trial.refused', 'c1', 9, 4)],
    ]);
    expect(await listTouchpoints(clickhouse, always)).toEqual([
      { touchpoint: 'page.home', events: 2, customers: 2, firstAtUs: start + second, lastAtUs: start + 5 * second },
      {
        touchpoint: 'trial.started',
        events: 1,
        customers: 1,
        firstAtUs: start + 9 * second,
        lastAtUs: start + 9 * second,
      },
    ]);
    const range = { ...always, fromUs: start + 5 * second, toUs: start + 9 * second };
    expect((await listTouchpoints(clickhouse, range)).map(({ events }) => events)).toEqual([1]);
  });

  it('the watermark is the latest receipt, not the latest occurrence', async () => {
    expect(await readWatermark(clickhouse)).toEqual({
      receivedAtUs: start + 13 * second,
      occurredAtUs: start + 9 * second,
    });
  });

  it('shows each dead letter once, newest first, by code and page', async () => {
    const columns = [
      'log',
      'log_partition',
      'log_offset',
      'received_at',
      'dialect',
      'source',
      'code',
      'path',
      'message',
      'event_id',
      'raw',
    ];
    const letter = (offset: number, code: string) => [
      'dead-letters@test',
      0,
      offset,
      start + offset * second,
      'native',
      'ingest',
      code,
      '/nps',
      'no',
      `e${offset}`,
      '{}',
    ];
    await clickhouse.insert({ table: 'dead_letters', columns, rows: [letter(0, 'x'), letter(1, 'y'), letter(2, 'x')] });
    await clickhouse.insert({ table: 'dead_letters', columns, rows: [letter(1, 'y')] });
    const all = await listDeadLetters(clickhouse, { ...always, code: '', before: null });
    expect(all.map(({ offset, code, eventId }) => [offset, code, eventId])).toEqual([
      [2, 'x', 'e2'],
      [1, 'y', 'e1'],
      [0, 'x', 'e0'],
    ]);
    const ofX = await listDeadLetters(clickhouse, { ...always, code: 'x', before: null });
    expect(ofX.map(({ offset }) => offset)).toEqual([2, 0]);
    const before = { receivedUs: start + 2 * second, log: 'dead-letters@test', partition: 0, offset: 2 };
    expect((await listDeadLetters(clickhouse, { ...always, code: '', before })).map(({ offset }) => offset)).toEqual([
      1, 0,
    ]);
  });
});
