import { describe, expect, test } from 'vitest';
import { clusterStatements } from '../src/cluster-ddl.ts';
import { migrationStatements } from '../src/migrate.ts';
import { loadMigrations } from '../src/migration-files.ts';

const on = (sql: string) => clusterStatements(sql, 'main', 'michinori');

describe('a statement on a cluster', () => {
  test('CREATE TABLE becomes a replicated table and a distributed one over it', () => {
    const sql = `-- What it is; with a semicolon.
-- shard by customer_key
CREATE TABLE IF NOT EXISTS things
(
    customer_key UInt64,
    name String DEFAULT '-- no comment (really)'
)
ENGINE = ReplacingMergeTree(copy_rank)
PARTITION BY toYear(at)
ORDER BY (customer_key, name)
SETTINGS fsync_after_insert = 1`;
    expect(on(sql)).toEqual([
      `CREATE TABLE IF NOT EXISTS things_local ON CLUSTER main
(
    customer_key UInt64,
    name String DEFAULT '-- no comment (really)'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/michinori/things_local', '{replica}', copy_rank)
PARTITION BY toYear(at)
ORDER BY (customer_key, name)
SETTINGS fsync_after_insert = 1`,
      `CREATE TABLE IF NOT EXISTS things ON CLUSTER main AS things_local
ENGINE = Distributed(main, michinori, things_local, customer_key)`,
    ]);
  });

  test('an engine without parameters gets the path and the replica only', () => {
    const [local] = on('-- shard by k\nCREATE TABLE IF NOT EXISTS t (k UInt8) ENGINE = MergeTree ORDER BY k');
    expect(local).toContain(
      "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/michinori/t_local', '{replica}') ORDER BY k",
    );
  });

  test('ALTER of columns goes to both tables, of anything else to the local one', () => {
    expect(on('ALTER TABLE t ADD COLUMN IF NOT EXISTS c String CODEC(ZSTD)')).toEqual([
      'ALTER TABLE t_local ON CLUSTER main ADD COLUMN IF NOT EXISTS c String CODEC(ZSTD)',
      'ALTER TABLE t ON CLUSTER main ADD COLUMN IF NOT EXISTS c String',
    ]);
    expect(on('ALTER TABLE t ADD INDEX IF NOT EXISTS i c TYPE minmax')).toEqual([
      'ALTER TABLE t_local ON CLUSTER main ADD INDEX IF NOT EXISTS i c TYPE minmax',
    ]);
    expect(on('ALTER TABLE t MODIFY SETTING fsync_after_insert = 0')).toEqual([
      'ALTER TABLE t_local ON CLUSTER main MODIFY SETTING fsync_after_insert = 0',
    ]);
  });

  test('DROP TABLE drops the distributed table first', () => {
    expect(on('DROP TABLE IF EXISTS t')).toEqual([
      'DROP TABLE IF EXISTS t ON CLUSTER main',
      'DROP TABLE IF EXISTS t_local ON CLUSTER main SYNC',
    ]);
  });

  test('views and functions exist on every node', () => {
    expect(on('CREATE VIEW IF NOT EXISTS v AS SELECT 1')).toEqual([
      'CREATE VIEW IF NOT EXISTS v ON CLUSTER main AS SELECT 1',
    ]);
    expect(on('DROP FUNCTION IF EXISTS f')).toEqual(['DROP FUNCTION IF EXISTS f ON CLUSTER main']);
  });

  test.each([
    ['CREATE TABLE IF NOT EXISTS t (k UInt8) ENGINE = MergeTree ORDER BY k', 'shard by'],
    ['-- shard by k\nCREATE TABLE IF NOT EXISTS t (k UInt8) ENGINE = Memory', 'no form for a cluster'],
    ['INSERT INTO t SELECT 1', 'no form for a cluster'],
  ])('%s is refused', (sql, why) => {
    expect(() => on(sql)).toThrow(
      expect.objectContaining({ codeName: 'BAD_MIGRATION', message: expect.stringContaining(why) }),
    );
  });

  test('a cluster name that is no identifier is refused', () => {
    const sql = 'DROP TABLE IF EXISTS t';
    expect(() => clusterStatements(sql, "main'; --", 'm')).toThrow(
      expect.objectContaining({ codeName: 'BAD_IDENTIFIER' }),
    );
  });
});

test('every shipped migration has a cluster form; tables of a customer are sharded by the customer', async () => {
  const migrations = await loadMigrations();
  const all = migrations.flatMap((migration) => migrationStatements(migration, 'main', 'michinori'));
  for (const sql of all) expect(sql).toContain(' ON CLUSTER main');
  for (const table of ['events', 'superseded_events']) {
    expect(all.join('\n')).toContain(`Distributed(main, michinori, ${table}_local, customer_key)`);
  }
  expect(migrations.flatMap((migration) => migrationStatements(migration, null, 'michinori'))).toEqual(
    migrations.flatMap(({ statements }) => statements),
  );
});
