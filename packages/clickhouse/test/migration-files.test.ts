import { describe, expect, test } from 'vitest';
import { pendingMigrations } from '../src/migrate.ts';
import { loadMigrations, parseMigration } from '../src/migration-files.ts';
import { splitStatements, withoutComments } from '../src/split-statements.ts';

describe('splitStatements', () => {
  test.each([
    ['a; b ;', ['a', 'b']],
    ["a ';' b; c", ["a ';' b", 'c']],
    ["'it''s;'; 'a\\';'", ["'it''s;'", "'a\\';'"]],
    ['-- a; b\nc; /* ; */ d', ['-- a; b\nc', '/* ; */ d']],
    ['`a;b`; "c;d"', ['`a;b`', '"c;d"']],
    ['-- only a comment\n;;  \n', []],
    ['', []],
  ])('%j', (sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements);
  });

  test('withoutComments keeps what looks like a comment inside a string', () => {
    expect(withoutComments("-- a\nSELECT '--b' /* c */")).toBe("SELECT '--b'");
  });
});

describe('parseMigration', () => {
  const good = 'CREATE TABLE IF NOT EXISTS t (a UInt8) ENGINE = MergeTree ORDER BY a;';

  test('line ends do not change the checksum, text does', () => {
    const unix = parseMigration('0001_a.sql', `${good}\n`);
    expect(parseMigration('0001_a.sql', `${good}\r\n`)).toEqual(unix);
    expect(parseMigration('0001_a.sql', `${good} \n`).checksum).not.toBe(unix.checksum);
    expect(unix.name).toBe('0001_a');
  });

  test.each(['1_a.sql', '0001-a.sql', '0001_A.sql', '0001_.sql'])('the name %s is refused', (name) => {
    expect(() => parseMigration(name, good)).toThrow(expect.objectContaining({ codeName: 'BAD_MIGRATION' }));
  });

  test.each([
    '',
    '-- nothing',
    'CREATE TABLE t (a UInt8) ENGINE = Memory',
    'CREATE OR REPLACE TABLE t (a UInt8) ENGINE = Memory',
    'DROP TABLE t',
    'ALTER TABLE t ADD COLUMN a UInt8',
    'ALTER TABLE t DELETE WHERE 1',
    'INSERT INTO t VALUES (1)',
    'RENAME TABLE a TO b',
    'SET a = 1',
    `${good} INSERT INTO t SELECT 1`,
  ])('what cannot be repeated is refused: %s', (sql) => {
    expect(() => parseMigration('0001_a.sql', sql)).toThrow(expect.objectContaining({ codeName: 'BAD_MIGRATION' }));
  });

  test.each([
    good,
    `-- why\n-- shard by a\n${good}`,
    `/* why */ ${good}`,
    'DROP TABLE IF EXISTS t',
    'ALTER TABLE t ADD COLUMN IF NOT EXISTS a UInt8',
    'ALTER TABLE t DROP INDEX IF EXISTS a',
    'ALTER TABLE t MODIFY COLUMN a UInt16',
    'CREATE MATERIALIZED VIEW IF NOT EXISTS v TO t AS SELECT 1',
    'CREATE FUNCTION IF NOT EXISTS f AS (x) -> x',
  ])('what can be repeated is taken: %s', (sql) => {
    expect(parseMigration('0001_a.sql', sql).statements).toHaveLength(1);
  });
});

describe('pendingMigrations', () => {
  const [a, b] = ['0001_a', '0002_b'].map((name) => ({ name, checksum: `${name}-sum`, statements: ['x'] })) as [
    never,
    never,
  ];

  test('is what is not applied, in order', () => {
    expect(pendingMigrations([a, b], [])).toEqual([a, b]);
    expect(pendingMigrations([a, b], [a])).toEqual([b]);
    expect(pendingMigrations([a, b], [b])).toEqual([a]);
    expect(pendingMigrations([a, b], [a, b])).toEqual([]);
  });
});

test('the shipped files are numbered without a gap', async () => {
  const names = (await loadMigrations()).map(({ name }) => name.slice(0, 4));
  expect(names).toEqual(names.map((_, i) => String(i + 1).padStart(4, '0')));
  expect(names.length).toBeGreaterThan(0);
});
