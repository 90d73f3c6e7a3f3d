import { readFile } from 'node:fs/promises';
import { temporaryClickHouse } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { clusterStatements } from '../src/cluster-ddl.ts';
import { type ClickHouse, defineQuery, loadMigrations, migrate, serverCodes } from '../src/index.ts';
import { parseMigration } from '../src/migration-files.ts';
import { schemaText } from '../src/schema-text.ts';

let clickhouse: ClickHouse;
let close: () => Promise<void> = async () => {};
beforeAll(async () => {
  clickhouse = await temporaryClickHouse(
    {
      onTestFinished: (f) => {
        close = f;
      },
    },
    { migrated: false },
  );
});
afterAll(() => close());

const table = (name: string) => `CREATE TABLE IF NOT EXISTS ${name} (x UInt8) ENGINE = MergeTree ORDER BY x;`;
const tables = defineQuery({
  name: 'tables',
  sql: 'SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN ({names:Array(String)}) ORDER BY name',
  params: z.object({ names: z.array(z.string()) }),
  row: z.object({ name: z.string() }),
});

describe('migrate', () => {
  test('applies in order, once, and tells the progress', async () => {
    const shipped = await loadMigrations();
    const seen: unknown[] = [];
    const { applied } = await migrate(clickhouse, { onProgress: (progress) => seen.push(progress) });
    expect(applied).toEqual(shipped.map(({ name }) => name));
    expect(seen).toEqual(applied.map((name, i) => ({ name, done: i + 1, total: applied.length })));
    expect(await Promise.all([migrate(clickhouse), migrate(clickhouse)])).toEqual([{ applied: [] }, { applied: [] }]);
  });

  test('schema.sql is what the migrations make', async () => {
    const committed = await readFile(new URL('../schema.sql', import.meta.url), 'utf8');
    expect(await schemaText(clickhouse), 'run: node packages/clickhouse/scripts/write-schema.mjs').toBe(committed);
  });

  test('a changed file and a newer database are errors that say what to do', async () => {
    const shipped = await loadMigrations();
    const [first, ...rest] = shipped;
    if (first === undefined) throw new Error('no migrations');
    const changed = migrate(clickhouse, { migrations: [{ ...first, checksum: 'other' }, ...rest] });
    await expect(changed).rejects.toMatchObject({
      codeName: 'MIGRATION_CHANGED',
      canRetry: false,
      message: expect.stringContaining(first.name),
    });
    await expect(migrate(clickhouse, { migrations: [] })).rejects.toMatchObject({
      codeName: 'MIGRATION_MISSING',
      message: expect.stringContaining(first.name),
    });
  });

  test('a file that failed half-way is not recorded and is finished later', async () => {
    const shipped = await loadMigrations();
    const broken = parseMigration(
      '9001_half.sql',
      `${table('half_a')} CREATE TABLE IF NOT EXISTS half_b (x Nonsense) ENGINE = MergeTree ORDER BY x;`,
    );
    await expect(migrate(clickhouse, { migrations: [...shipped, broken] })).rejects.toMatchObject({
      kind: 'programming',
      message: expect.stringContaining('9001_half'),
    });
    expect(await clickhouse.query(tables, { names: ['half_a', 'half_b'] })).toEqual([{ name: 'half_a' }]);
    const mended = parseMigration('9001_half.sql', `${table('half_a')} ${table('half_b')}`);
    expect(await migrate(clickhouse, { migrations: [...shipped, mended] })).toEqual({ applied: ['9001_half'] });
    expect(await clickhouse.query(tables, { names: ['half_a', 'half_b'] })).toHaveLength(2);
  });

  test('every shipped statement, in its plain and its cluster form, is SQL to the engine', async () => {
    const parse = defineQuery({
      name: 'format',
      sql: 'SELECT formatQuery({sql:String}) AS text',
      params: z.object({ sql: z.string() }),
      row: z.object({ text: z.string() }),
    });
    for (const { statements } of await loadMigrations()) {
      for (const statement of statements) {
        const [plain] = await clickhouse.query(parse, { sql: statement });
        expect(plain?.text).toMatch(/^(CREATE|ALTER|DROP) /);
        for (const sql of clusterStatements(statement, 'main', 'michinori')) {
          const [row] = await clickhouse.query(parse, { sql });
          expect(row?.text).toMatch(/^(CREATE|ALTER|DROP) [\s\S]* ON CLUSTER main\b/);
        }
      }
    }
    await expect(clickhouse.query(parse, { sql: 'CREATE TABLE a (' })).rejects.toMatchObject({ code: 62 });
  });
});

test('every code of ClickHouse is listed under the name that the engine has for it', async () => {
  const names = defineQuery({
    name: 'code-names',
    sql: 'SELECT code, errorCodeToName(code) AS name FROM (SELECT arrayJoin({codes:Array(Int32)}) AS code) ORDER BY code',
    params: z.object({ codes: z.array(z.int()) }),
    row: z.object({ code: z.int(), name: z.string() }),
  });
  const listed = Object.entries(serverCodes).map(([code, { name }]) => ({ code: Number(code), name }));
  expect(await clickhouse.query(names, { codes: listed.map(({ code }) => code) })).toEqual(listed);
});
