import { type ClickHouse, defineQuery, defineStatement, integerColumn } from '@michinori/clickhouse';
import {
  type Derivation,
  deriveUnits,
  dropDerivation,
  dropRounds,
  hotUnits,
  keyRanges,
  noteAccountMembers,
  type UnitScope,
} from '@michinori/queries';
import { cityHashes, type EventCopy, insertDeliveries } from '@michinori/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { stores } from './stores.ts';

const HOUR_US = 3600e6;
const everyKey: UnitScope = { kind: 'range', fromKey: 0n, toKey: 2n ** 64n - 1n };

function copy(customer: string, account: string | null, index: number): EventCopy {
  const occurredAtUs = Date.parse('2026-01-01T00:00:00Z') * 1000 + index * HOUR_US;
  return {
    event: {
      ...{ id: `${customer}-${index}`, customer, anonymous: null, account, touchpoint: index % 2 === 0 ? 'a' : 'b' },
      ...{ channel: null, team: null, direction: null, topic: null, occurredAtUs, receivedAtUs: occurredAtUs + 1 },
      ...{ sequence: null, sentiment: null, nps: null, amount: null, properties: new Map(), traits: new Map() },
    },
    log: 'events@test',
    logPartition: 0,
    logOffset: index,
  };
}

const customers = Array.from({ length: 40 }, (_, i) => `customer ${i}`);
// Customer i has i + 1 events; the even ones carry an account, two customers share one.
const copies = customers.flatMap((customer, i) =>
  Array.from({ length: i + 1 }, (_, n) => copy(customer, i % 2 === 0 ? `account ${Math.floor(i / 4)}` : null, n)),
);

const derivation = (id: number, unit: 'customer' | 'account'): Derivation => ({
  id,
  journey: {
    ...{ id: 'j', version: 1, title: {}, unit, timezone: 'UTC', progress: 'free', activity: 'any' },
    ...{ personas: [], segments: [], exit: [] },
    stages: ['a', 'b'].map((touchpoint) => ({
      ...{ id: touchpoint, title: {}, enter: [{ touchpoint, where: [], count: null }], touchpoints: [] },
      ...{ expectedUs: null, lostAfterUs: null, horizonUs: HOUR_US, goals: [], terminal: false, effort: 3 },
    })),
  },
});

const counts = defineQuery({
  name: 'test-counts',
  sql: `SELECT (SELECT count() FROM account_members) AS members, (SELECT count() FROM dirty_units) AS dirty,
  (SELECT count() FROM unit_journeys WHERE derivation = 1) AS one, (SELECT count() FROM unit_journeys WHERE derivation = 2) AS two`,
  params: z.object({}),
  row: z.object({ members: integerColumn, dirty: integerColumn, one: integerColumn, two: integerColumn }),
});

const stored = async (clickhouse: ClickHouse) => (await clickhouse.query(counts, {}))[0];

async function markDirty(clickhouse: ClickHouse, round: string, names: readonly string[]): Promise<void> {
  const rows = names.map((name) => [round, name, '']);
  await clickhouse.insert({ table: 'dirty_units', columns: ['round', 'customer', 'anonymous'], rows });
}

it.for(stores)(
  'cuts the keys into ranges, finds hot units, and derives exactly what a scope names ($name)',
  async (store, context) => {
    const clickhouse = await store.open(context);
    await clickhouse.command(defineStatement({ name: 'test-stop', sql: 'SYSTEM STOP MERGES account_members' }));
    expect(await keyRanges(clickhouse, 'customer', { eventsPerRange: 10 })).toEqual([
      { fromKey: 0n, toKey: 2n ** 64n - 1n, units: 0 },
    ]);
    await insertDeliveries(clickhouse, [copies]);
    await markDirty(clickhouse, "it's {a} \\ round", ['customer 0', 'customer 7']);
    await markDirty(clickhouse, 'other', customers);

    const round: UnitScope = { kind: 'round', round: "it's {a} \\ round" };
    await noteAccountMembers(clickhouse, round);
    expect((await stored(clickhouse))?.members).toBe(1);
    await noteAccountMembers(clickhouse, everyKey);
    await noteAccountMembers(clickhouse, everyKey);
    expect((await stored(clickhouse))?.members).toBe(20);

    const keys = await cityHashes(clickhouse, [...customers, 'account 0', 'account 9']);
    expect(await hotUnits(clickhouse, 'customer', everyKey, { eventsMin: 39 })).toEqual([
      { unitKey: keys.get('customer 39'), events: 40 },
      { unitKey: keys.get('customer 38'), events: 39 },
    ]);
    expect(await hotUnits(clickhouse, 'customer', round, { eventsMin: 2 })).toEqual([
      { unitKey: keys.get('customer 7'), events: 8 },
    ]);
    expect(await hotUnits(clickhouse, 'account', everyKey, { eventsMin: 76 })).toEqual([
      { unitKey: keys.get('account 9'), events: 37 + 39 },
    ]);
    expect(await hotUnits(clickhouse, 'account', round, { eventsMin: 1 })).toEqual([
      { unitKey: keys.get('account 0'), events: 1 + 3 },
    ]);

    await deriveUnits(clickhouse, derivation(1, 'customer'), round);
    await deriveUnits(clickhouse, derivation(2, 'account'), round);
    expect(await stored(clickhouse)).toMatchObject({ one: 2, two: 1 });

    for (const [unit, units] of [
      ['customer', 40],
      ['account', 10],
    ] as const) {
      const ranges = await keyRanges(clickhouse, unit, { eventsPerRange: 100 });
      expect(ranges.length).toBeGreaterThan(units === 40 ? 6 : 3);
      expect(ranges[0]?.fromKey).toBe(0n);
      expect(ranges.at(-1)?.toKey).toBe(2n ** 64n - 1n);
      for (const [i, range] of ranges.entries())
        if (i > 0) expect(range.fromKey).toBe((ranges[i - 1]?.toKey ?? 0n) + 1n);
      expect(ranges.reduce((all, range) => all + range.units, 0)).toBe(units);
    }

    await dropDerivation(clickhouse, 1);
    await dropDerivation(clickhouse, 77);
    expect(await stored(clickhouse)).toMatchObject({ one: 0, two: 1, dirty: 42 });
    const key = keys.get('customer 7') ?? 0n;
    await deriveUnits(clickhouse, derivation(1, 'customer'), { kind: 'range', fromKey: key, toKey: key });
    expect(await stored(clickhouse)).toMatchObject({ one: 1 });
    await dropRounds(clickhouse, ["it's {a} \\ round"]);
    await dropRounds(clickhouse, ['never was']);
    expect(await stored(clickhouse)).toMatchObject({ dirty: 40 });
  },
);
