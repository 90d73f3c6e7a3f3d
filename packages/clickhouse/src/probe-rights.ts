import type { ClickHouse } from './clickhouse.ts';
import { defineStatement } from './query.ts';

const create = defineStatement({
  name: 'probe rights',
  sql: 'CREATE TABLE IF NOT EXISTS rights_probe (one UInt8) ENGINE = Memory',
});
const drop = defineStatement({ name: 'probe rights', sql: 'DROP TABLE IF EXISTS rights_probe' });

/**
 * Makes the database if there is none, and a table that it drops at once; rejects where the user may not. Rights are tried rather than read: the
 * lists of grants know nothing of profiles that only allow reading.
 */
export async function probeRights(clickhouse: ClickHouse): Promise<void> {
  await clickhouse.createDatabase();
  await clickhouse.command(create);
  await clickhouse.command(drop);
}
