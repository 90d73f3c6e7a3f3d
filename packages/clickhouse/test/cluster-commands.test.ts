import { describe, expect, test } from 'vitest';
import { clusterCommand, shardLocalInsert } from '../src/cluster-commands.ts';

describe('a statement about stored rows', () => {
  test.each([
    ['ALTER TABLE t DROP PARTITION {p:String}', 'ALTER TABLE t_local ON CLUSTER main DROP PARTITION {p:String}'],
    ['\n  DELETE FROM t\n  WHERE k IN (SELECT 1)', 'DELETE FROM t_local ON CLUSTER main\n  WHERE k IN (SELECT 1)'],
    ['TRUNCATE TABLE t', 'TRUNCATE TABLE t_local ON CLUSTER main'],
    ['OPTIMIZE TABLE t PARTITION 1 FINAL', 'OPTIMIZE TABLE t_local ON CLUSTER main PARTITION 1 FINAL'],
    ['SYSTEM STOP MERGES t', 'SYSTEM STOP MERGES ON CLUSTER main t_local'],
  ])('%s goes to the tables that store them, on every node', (sql, expected) => {
    expect(clusterCommand(sql, 'main')).toBe(expected);
  });

  test.each([
    'ALTER TABLE t ON CLUSTER main ADD COLUMN IF NOT EXISTS c String',
    'CREATE TABLE t (k UInt8) ENGINE = Memory',
    'INSERT INTO t SELECT 1',
    'DROP TABLE IF EXISTS t ON CLUSTER main SYNC',
  ])('%s stays as it is', (sql) => {
    expect(clusterCommand(sql, 'main')).toBe(sql);
  });
});

describe('an insert that stays on its shard', () => {
  test('reads and writes the tables of each shard', () => {
    const sql = `INSERT INTO t (a, b)
SETTINGS max_threads = 1
SELECT a, sum(b) FROM (
SELECT a, b FROM events WHERE a IN (SELECT k FROM dirty_units WHERE round = {r:String})
) AS e INNER JOIN others ON e.a = others.a AND 1 IN (SELECT number FROM numbers(3)) GROUP BY a`;
    expect(shardLocalInsert(sql, 'main', 'db')).toBe(`INSERT INTO t (a, b)
SETTINGS max_threads = 1, parallel_distributed_insert_select = 2
SELECT * FROM cluster(main, view(SELECT a, sum(b) FROM (
SELECT a, b FROM db.events_local WHERE a IN (SELECT k FROM db.dirty_units_local WHERE round = {r:String})
) AS e INNER JOIN db.others_local ON e.a = others.a AND 1 IN (SELECT number FROM numbers(3)) GROUP BY a))`);
    expect(shardLocalInsert('INSERT INTO t (a) SELECT a FROM s', 'main', 'db')).toBe(
      'INSERT INTO t (a)\nSETTINGS parallel_distributed_insert_select = 2\nSELECT * FROM cluster(main, view(SELECT a FROM db.s_local))',
    );
  });

  test('is nothing else', () => {
    expect(() => shardLocalInsert('ALTER TABLE t DROP PARTITION 1', 'main', 'db')).toThrow(
      expect.objectContaining({ codeName: 'BAD_STATEMENT' }),
    );
  });
});
