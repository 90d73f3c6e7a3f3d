import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { noteIdentities } from '@michinori/queries';
import { insertDeliveries } from '@michinori/testing';
import { everyKey } from './derive-arrangement.ts';
import { messily, type PlacedCase } from './funnel-case.ts';

const statement = (sql: string) => defineStatement({ name: sql.toLowerCase().replaceAll(' ', '-'), sql });

/** A way to get the same deliveries into the table. The answer must not depend on it. */
export interface Arrangement {
  readonly name: string;
  arrange(clickhouse: ClickHouse, placed: readonly PlacedCase[], seed: number): Promise<void>;
}

async function empty(clickhouse: ClickHouse): Promise<void> {
  const tables = [
    'events',
    'superseded_events',
    'identity_links',
    'identity_claims',
    'identity_owners',
    'identity_members',
  ];
  for (const table of tables) await clickhouse.command(statement(`TRUNCATE TABLE ${table}`));
}

/** In the order of the log, in one insert. */
export const orderly: Arrangement = {
  name: 'in order, once',
  async arrange(clickhouse, placed) {
    await empty(clickhouse);
    await insertDeliveries(clickhouse, [placed.flatMap(({ copies }) => copies)]);
    await noteIdentities(clickhouse, everyKey);
  },
};

/** Shuffled, threefold, in three inserts whose parts are kept apart. */
export const messy: Arrangement = {
  name: 'shuffled, threefold, three unmerged batches',
  async arrange(clickhouse, placed, seed) {
    await empty(clickhouse);
    await clickhouse.command(statement('SYSTEM STOP MERGES events'));
    await insertDeliveries(
      clickhouse,
      messily(
        placed.flatMap(({ copies }) => copies),
        seed,
      ),
    );
    await noteIdentities(clickhouse, everyKey);
  },
};

/** The messy arrangement after all its parts were merged. Comes after {@link messy}. */
export const merged: Arrangement = {
  name: 'shuffled, threefold, merged',
  async arrange(clickhouse) {
    await clickhouse.command(statement('SYSTEM START MERGES events'));
    await clickhouse.command(statement('OPTIMIZE TABLE events FINAL'));
  },
};
