import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import {
  type Derivation,
  deriveCustomers,
  deriveUnits,
  dropPeople,
  dropRounds,
  keyRanges,
  noteAccountMembers,
  noteIdentities,
  resolvePeople,
  spreadRound,
  type UnitScope,
} from '@michinori/queries';
import { customerOf, type EventCopy, insertDeliveries, unitTexts } from '@michinori/testing';
import { messily } from './funnel-case.ts';

const statement = (sql: string) => defineStatement({ name: 'test-arrangement', sql });
const run = (clickhouse: ClickHouse, sql: string) => clickhouse.command(statement(sql));

export const everyKey: UnitScope = { kind: 'range', fromKey: 0n, toKey: 2n ** 64n - 1n };

/** Derivations that a batch is derived under, each with the chunk size that the walk is cut into. */
export interface Task {
  readonly derivation: Derivation;
  readonly chunkEvents: number;
}

/** A way in which deliveries come in and are derived. The rows must not depend on it. */
export interface Arrangement {
  readonly name: string;
  arrange(clickhouse: ClickHouse, copies: readonly EventCopy[], tasks: readonly Task[], seed: number): Promise<void>;
}

async function empty(clickhouse: ClickHouse): Promise<void> {
  const derived = ['unit_journeys', 'customers', 'account_members', 'dirty_units'];
  const identities = ['identity_links', 'identity_claims', 'identity_owners', 'identity_members', 'people'];
  for (const table of ['events', 'superseded_events', ...derived, ...identities]) {
    await run(clickhouse, `TRUNCATE TABLE ${table}`);
  }
}

type Unit = 'customer' | 'account';

let names = 0;

/** Calls back with the scope and the people in it. */
async function withPeople(
  clickhouse: ClickHouse,
  unit: Unit,
  scope: UnitScope,
  act: (scope: UnitScope) => Promise<void>,
): Promise<void> {
  names += 1;
  const name = `people-${names}`;
  const isAnybody = await resolvePeople(clickhouse, { unit, scope, name });
  await act(isAnybody ? { ...scope, people: name } : scope);
  await dropPeople(clickhouse, name);
}

async function derive(clickhouse: ClickHouse, tasks: readonly Task[], scope: UnitScope): Promise<void> {
  await noteAccountMembers(clickhouse, scope);
  await noteIdentities(clickhouse, scope);
  if (scope.kind === 'round') await spreadRound(clickhouse, scope.round);
  for (const unit of ['customer', 'account'] as const) {
    await withPeople(clickhouse, unit, scope, async (scope) => {
      for (const { derivation, chunkEvents } of tasks) {
        if (derivation.journey.unit === unit) await deriveUnits(clickhouse, derivation, scope, { chunkEvents });
      }
      if (unit === 'customer') await deriveCustomers(clickhouse, scope);
    });
  }
}

async function deriveRanges(clickhouse: ClickHouse, tasks: readonly Task[], eventsPerRange: number): Promise<void> {
  await noteAccountMembers(clickhouse, everyKey);
  await noteIdentities(clickhouse, everyKey);
  for (const unit of ['customer', 'account'] as const) {
    for (const { fromKey, toKey } of await keyRanges(clickhouse, unit, { eventsPerRange })) {
      await withPeople(clickhouse, unit, { kind: 'range', fromKey, toKey }, async (scope) => {
        for (const { derivation, chunkEvents } of tasks) {
          if (derivation.journey.unit === unit) await deriveUnits(clickhouse, derivation, scope, { chunkEvents });
        }
        if (unit === 'customer') await deriveCustomers(clickhouse, scope);
      });
    }
  }
}

const orderly: Arrangement = {
  name: 'in order, once, whole',
  async arrange(clickhouse, copies, tasks) {
    await empty(clickhouse);
    await insertDeliveries(clickhouse, [copies]);
    await derive(clickhouse, tasks, everyKey);
  },
};

const ranges: Arrangement = {
  name: 'shuffled, threefold, unmerged, by ranges',
  async arrange(clickhouse, copies, tasks, seed) {
    await empty(clickhouse);
    await run(clickhouse, 'SYSTEM STOP MERGES events');
    await insertDeliveries(clickhouse, messily(copies, seed));
    await deriveRanges(clickhouse, tasks, Math.ceil(copies.length / 2));
  },
};

async function markDirty(clickhouse: ClickHouse, round: string, customers: Iterable<string>): Promise<void> {
  const rows = [...new Set(customers)].map((name) => {
    const { unit, anonymous } = unitTexts(name);
    return [round, unit, anonymous];
  });
  await clickhouse.insert({ table: 'dirty_units', columns: ['round', 'customer', 'anonymous'], rows });
}

/** Customers whose timeline a batch can change: its own, and those of other copies of its ids. */
function touchedCustomers(batch: readonly EventCopy[], seen: readonly EventCopy[]): string[] {
  const ids = new Set(batch.map(({ event }) => event.id));
  return seen.filter(({ event }) => ids.has(event.id)).map(({ event }) => customerOf(event));
}

const rounds: Arrangement = {
  name: 'shuffled, threefold, a round after each of three batches, the rows of the first two rounds once more at the end',
  async arrange(clickhouse, copies, tasks, seed) {
    await empty(clickhouse);
    for (const table of ['unit_journeys', 'customers']) {
      await run(clickhouse, `DROP TABLE IF EXISTS earlier_${table}`);
      const empty = `SELECT * FROM ${table} WHERE 0`;
      await run(clickhouse, `CREATE TABLE earlier_${table} ENGINE = MergeTree ORDER BY tuple() AS ${empty}`);
    }
    const seen: EventCopy[] = [];
    for (const [index, batch] of messily(copies, seed).entries()) {
      seen.push(...batch);
      await run(clickhouse, 'TRUNCATE TABLE superseded_events');
      await run(clickhouse, 'TRUNCATE TABLE events');
      await insertDeliveries(clickhouse, [seen]);
      const round = `round-${index}`;
      await markDirty(clickhouse, round, touchedCustomers(batch, seen));
      await derive(clickhouse, tasks, { kind: 'round', round });
      await dropRounds(clickhouse, [round]);
      if (index < 2) {
        for (const table of ['unit_journeys', 'customers']) {
          await run(clickhouse, `INSERT INTO earlier_${table} SELECT * FROM ${table}`);
        }
      }
    }
    for (const table of ['unit_journeys', 'customers']) {
      await run(clickhouse, `INSERT INTO ${table} SELECT * FROM earlier_${table}`);
    }
  },
};

export const arrangements: readonly Arrangement[] = [orderly, ranges, rounds];
