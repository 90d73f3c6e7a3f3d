import { type ClickHouse, connectServer, defineQuery, integerColumn, migrate } from '@michinori/clickhouse';
import {
  conflictingClaims,
  type Derivation,
  deriveCustomers,
  deriveUnits,
  dropRounds,
  hotCustomers,
  noteAccountMembers,
  presentEventOffsets,
  roundSize,
  roundsPresent,
  settleCustomers,
  settleDerivation,
  withdrawMarkers,
} from '@michinori/queries';
import { cityHashes, insertDeliveries, storyJourney, storyStage } from '@michinori/testing';
import { type NativeCluster, startNativeCluster } from '@michinori/testing/native-clickhouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { everyKey } from './derive-arrangement.ts';

const closers: (() => Promise<void>)[] = [];
const context = { onTestFinished: (close: () => Promise<void>) => void closers.push(close) };
let cluster: NativeCluster;
let clickhouse: ClickHouse;
let shards: readonly ClickHouse[];

async function connect(url: string, name?: string): Promise<ClickHouse> {
  const connection = await connectServer({ url, ...(name === undefined ? {} : { cluster: name }) });
  context.onTestFinished(() => connection.close());
  return connection;
}

const people = Array.from({ length: 60 }, (_, i) => `customer ${i}`);
// Every account has six customers, so each has some on both shards.
const accountOf = (i: number) => `account ${i % 10}`;
const copies = people.flatMap((customer, i) =>
  ['a', 'b'].map((touchpoint, n) => {
    const occurredAtUs = Date.UTC(2026, 0, 1) * 1000 + (2 * i + n) * 60_000_000;
    return {
      event: {
        ...{ id: `${customer}-${n}`, customer, anonymous: null, account: accountOf(i), touchpoint, channel: null },
        ...{ team: null, direction: null, topic: null, occurredAtUs, receivedAtUs: occurredAtUs + 1, sequence: null },
        ...{ sentiment: null, nps: null, amount: null, properties: new Map(), traits: new Map([['plan', 'pro']]) },
      },
      log: 'events@test',
      logPartition: 0,
      logOffset: 2 * i + n,
    };
  }),
);

const stages = [storyStage('first', ['a']), storyStage('second', ['b'])];
const derivation = (id: number, unit: 'customer' | 'account'): Derivation => ({
  id,
  journey: storyJourney({ stages, unit }),
});

beforeAll(async () => {
  cluster = await startNativeCluster(context);
  clickhouse = await connect(cluster.url, cluster.name);
  shards = await Promise.all(cluster.nodes.map(({ url }) => connect(url)));
  await migrate(clickhouse);
  await insertDeliveries(clickhouse, [copies]);
  await noteAccountMembers(clickhouse, everyKey);
  await deriveUnits(clickhouse, derivation(1, 'customer'), everyKey);
  await deriveUnits(clickhouse, derivation(2, 'account'), everyKey);
  await deriveCustomers(clickhouse, everyKey);
  await mark('first', people.slice(0, 20));
  await mark('second', people.slice(20));
}, 180_000);
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function mark(round: string, customers: readonly string[]): Promise<void> {
  const rows = customers.map((name) => [round, name, '']);
  await clickhouse.insert({ table: 'dirty_units', columns: ['round', 'customer', 'anonymous'], rows });
}

function count(sql: string) {
  const query = defineQuery({ name: 'test', sql, params: z.object({}), row: z.object({ n: integerColumn }) });
  return async (on: ClickHouse): Promise<number> => (await on.query(query, {}))[0]?.n ?? -1;
}

describe('rows', () => {
  test.each([
    ['events', 'customer_key', 120],
    ['account_members', 'account_key', 60],
    ['unit_journeys', 'unit_key', 70],
    ['customers', 'customer_key', 60],
    ['dirty_units', 'unit_key', 60],
  ])('of %s stand on the shard of their %s, each once', async (table, key, rows) => {
    const found = await Promise.all(shards.map(count(`SELECT count() AS n FROM ${table}_local`)));
    expect(found.reduce((all, n) => all + n)).toBe(rows);
    for (const [index, shard] of shards.entries()) {
      expect(found[index]).toBeGreaterThan(0);
      expect(await count(`SELECT count() AS n FROM ${table}_local WHERE ${key} % 2 != ${index}`)(shard)).toBe(0);
    }
  });

  test('of journeys hold what stands on other shards', async () => {
    // Each customer enters both stages; of an account's customers, the first does.
    const visits = count('SELECT sum(length(visit_entered)) AS n FROM unit_journeys WHERE derivation = 1');
    expect(await visits(clickhouse)).toBe(120);
    const paths = count(
      'SELECT uniqExact(length(path_at)) * 100 + any(length(path_at)) AS n FROM unit_journeys WHERE derivation = 2',
    );
    expect(await paths(clickhouse)).toBe(112);
  });

  test('are read back right after their insert, from every shard', async () => {
    const range = { log: 'events@test', partition: 0, fromOffset: 0, toOffset: 1000 };
    const [row] = await clickhouse.queryOnWriter(presentEventOffsets, range);
    expect(row?.offsets.length).toBe(120);
  });
});

describe('customers of a round', () => {
  test('are found by an account that stands on another shard', async () => {
    const keys = await cityHashes(clickhouse, ['account 3', 'customer 1']);
    const asked = { customers: [keys.get('customer 1') ?? 0n], accounts: [keys.get('account 3') ?? 0n] };
    const found = await clickhouse.queryOnWriter(hotCustomers, { round: 'first', ...asked });
    expect(found.map(({ customer, unit }) => `${customer} ${unit}`).sort()).toEqual(
      ['customer 1 customer', 'customer 13 account', 'customer 3 account'].sort(),
    );
  });

  test('are forgotten on every shard, those of other rounds are not', async () => {
    await dropRounds(clickhouse, ['first']);
    expect(await clickhouse.queryOnWriter(roundsPresent, {})).toEqual([{ round: 'second' }]);
    expect(await clickhouse.queryOnWriter(roundSize, { round: 'second' })).toEqual([{ units: 40 }]);
  });
});

test('marks of superseded contents are found from the shard of the event id, and taken away on every shard', async () => {
  const ids = [2n, 3n];
  const hashes = [40n, 41n, 42n, 43n];
  await clickhouse.insert({
    table: 'event_ids',
    columns: ['id_hash', 'content_hash', 'received_at', 'customer', 'log', 'log_partition', 'log_offset'],
    rows: hashes.map((hash, i) => [ids[i % 2], hash, 1_000_000 + i, 'x', 'events@ids', 0, i]),
  });
  await clickhouse.insert({
    table: 'superseded_events',
    columns: ['content_hash', 'event_id', 'customer_key'],
    rows: hashes.map((hash, i) => [hash, 'id', BigInt(i < 2 ? 1 : 2)]),
  });
  const range = { log: 'events@ids', partition: 0, fromOffset: 0, toOffset: 2 };
  const claims = await clickhouse.queryOnWriter(conflictingClaims, range);
  expect(claims.map(({ contentHash, isMarked, isPlaced }) => [contentHash, isMarked, isPlaced]).sort()).toEqual(
    hashes.map((hash) => [String(hash), true, true]),
  );
  await clickhouse.command(withdrawMarkers, { contentHashes: [40n, 42n, 43n] });
  const left = (await clickhouse.queryOnWriter(conflictingClaims, range)).filter(({ isMarked }) => isMarked);
  expect(left.map(({ contentHash }) => contentHash)).toEqual(['41']);
});

test('what was derived twice is merged on every shard', async () => {
  await deriveCustomers(clickhouse, everyKey);
  await deriveUnits(clickhouse, derivation(1, 'customer'), everyKey);
  await clickhouse.command(settleCustomers);
  await clickhouse.command(settleDerivation, { derivation: 1 });
  expect(await count('SELECT count() AS n FROM customers')(clickhouse)).toBe(60);
  expect(await count('SELECT count() AS n FROM unit_journeys WHERE derivation = 1')(clickhouse)).toBe(60);
});
