import type { ClickHouse } from '@michinori/clickhouse';
import { type FunnelRequestInput, funnelRequest, runFunnel } from '@michinori/queries';
import {
  copiesOf,
  type EventCopy,
  type EventSketch,
  insertDeliveries,
  referenceFunnel,
  temporaryClickHouse,
} from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { difference } from './funnel-case.ts';

const blank: EventSketch = {
  id: '',
  customer: 'c',
  anonymous: null,
  account: null,
  touchpoint: '',
  tick: 0,
  offUs: 0,
  sequence: null,
  receivedTick: 100,
  channel: null,
  team: null,
  sentiment: null,
  properties: {},
  traits: {},
};

const grid = { baseIso: '2026-01-01T00:00:00.000Z', tick: { value: 1, unit: 'hour' }, timezone: 'UTC' } as const;
const asOfUs = Date.UTC(2027, 0) * 1000;

function world(realm: string, ...events: Partial<EventSketch>[]): EventCopy[] {
  const copies = events.map((event, index) => ({ ...blank, id: `e${index}`, ...event }));
  return copiesOf({ grid, copies }, realm);
}

type Ask = Omit<FunnelRequestInput, 'from' | 'to'>;

/** Counter-examples that random worlds once found, each shrunk to what matters. */
describe('funnels keep what random worlds once taught', () => {
  const closing: (() => Promise<void>)[] = [];
  let clickhouse: ClickHouse;
  beforeAll(async () => {
    clickhouse = await temporaryClickHouse({ onTestFinished: (close) => void closing.push(close) });
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  async function counts(realm: string, copies: EventCopy[], ask: Ask): Promise<number[]> {
    await insertDeliveries(clickhouse, [copies]);
    const request = funnelRequest.parse({
      from: '2026-01-01T00:00:00Z',
      to: '2026-06-01T00:00:00Z',
      ...ask,
      filter: [...(ask.filter ?? []), { property: 'realm', op: 'eq', value: realm }],
    });
    const { rows, meta } = await runFunnel(clickhouse, request, { now: asOfUs });
    const answer = { rows, otherSegments: meta.otherSegments };
    expect(difference(answer, referenceFunnel(copies, request, asOfUs))).toBeNull();
    return rows.map(({ customers }) => customers);
  }

  it('two subjects that are carried forward, a trait and the account, in one question', async () => {
    const copies = world(
      'carried-',
      { touchpoint: 'A', tick: 0, account: 'x', traits: { t: 'gold' } },
      { touchpoint: 'B', tick: 1 },
      { touchpoint: 'C', tick: 2, traits: { t: 'free' } },
    );
    const steps = [{ touchpoint: 'A' }, { touchpoint: 'B' }, { touchpoint: 'C' }];
    const window = { value: 1, unit: 'day' } as const;
    expect(await counts('carried-', copies, { steps, window, hold: ['trait:t', 'account'] })).toEqual([1, 1, 0]);
    expect(await counts('carried-', copies, { steps, window, unit: 'account', hold: ['trait:t'] })).toEqual([1, 1, 0]);
    expect(await counts('carried-', copies, { steps, window, hold: ['account'] })).toEqual([1, 1, 1]);
  });

  it('simultaneous events are ordered by the bytes of their ids, not by UTF-16 code units', async () => {
    const copies = world(
      'bytes-',
      { id: '\uff5e', touchpoint: 'A', traits: { t: 'first' } },
      { id: '\u{1f600}', touchpoint: 'Z', traits: { t: 'second' } },
      { id: 'later', touchpoint: 'B', tick: 1 },
    );
    const steps = [
      { touchpoint: 'A' },
      { touchpoint: 'B', where: [{ trait: 't', op: 'eq' as const, value: 'second' }] },
    ];
    expect(await counts('bytes-', copies, { steps, window: { value: 1, unit: 'day' } })).toEqual([1, 1]);
  });
});
