import { startClickHouseHttpServer } from '@michinori/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ClickHouse, connectServer, defineQuery, integerColumn, migrate } from '../src/index.ts';
import { parseMigration } from '../src/migration-files.ts';
import { withLockTable } from '../src/migration-lock-table.ts';

const context = { onTestFinished: (close: () => Promise<void>) => onTestFinished(close) };

async function connect(url: string): Promise<ClickHouse> {
  const clickhouse = await connectServer({ url });
  onTestFinished(() => clickhouse.close());
  return clickhouse;
}

const locks = defineQuery({
  name: 'locks',
  sql: "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'schema_migrations_lock%'",
  params: z.object({}),
  row: z.object({ name: z.string() }),
});
const command = (clickhouse: ClickHouse, sql: string) => clickhouse.command({ name: 'test', sql, placeholders: [] });

describe('two processes that start at once', () => {
  test('apply every migration once between them', async () => {
    const server = await startClickHouseHttpServer(context);
    const all = await Promise.all(Array.from({ length: 4 }, () => connect(server.url)));
    const results = await Promise.all(all.map((clickhouse) => migrate(clickhouse)));
    const names = results.flatMap(({ applied }) => applied);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    const [one] = all;
    expect(await one?.query(locks, {})).toEqual([]);
  });
});

describe('the lock table', () => {
  test('lets one in at a time', async () => {
    const server = await startClickHouseHttpServer(context);
    const clickhouse = await connect(server.url);
    await clickhouse.createDatabase();
    let inside = 0;
    let most = 0;
    const options = { cluster: null, waitMsMax: 30_000, pollIntervalMs: 5 };
    await Promise.all(
      Array.from({ length: 5 }, () =>
        withLockTable(clickhouse, options, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await clickhouse.ping();
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
  });

  test('of a dead holder is taken over by one, of a living one by nobody', async () => {
    const server = await startClickHouseHttpServer(context);
    const clickhouse = await connect(server.url);
    await clickhouse.createDatabase();
    const lock =
      'CREATE TABLE schema_migrations_lock (owner String, beat DateTime64(3) DEFAULT now64(3)) ENGINE = MergeTree ORDER BY beat';
    await command(clickhouse, lock);
    const alive = withLockTable(clickhouse, { cluster: null, waitMsMax: 0, pollIntervalMs: 1 }, async () => 'in');
    await expect(alive).rejects.toMatchObject({ codeName: 'MIGRATION_LOCKED', canRetry: true });

    let inside = 0;
    const enter = () =>
      withLockTable(
        clickhouse,
        { cluster: null, waitMsMax: 30_000, silentMsMax: -1_000_000, pollIntervalMs: 1 },
        async () => {
          inside += 1;
        },
      );
    await enter();
    expect(inside).toBe(1);
    expect(await clickhouse.query(locks, {})).toMatchObject([
      { name: expect.stringMatching(/^schema_migrations_lock_[0-9a-f_]{36}$/) },
    ]);
  });

  test('is given back when the task fails', async () => {
    const server = await startClickHouseHttpServer(context);
    const clickhouse = await connect(server.url);
    await clickhouse.createDatabase();
    const failing = withLockTable(clickhouse, { cluster: null, waitMsMax: 0 }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await clickhouse.query(locks, {})).toEqual([]);
  });
});

describe('a migration cut off between two statements', () => {
  const migrations = [
    parseMigration(
      '0001_two.sql',
      'CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = MergeTree ORDER BY x; CREATE TABLE IF NOT EXISTS b (x UInt8) ENGINE = MergeTree ORDER BY x;',
    ),
  ];
  const count = defineQuery({
    name: 'count',
    sql: 'SELECT (SELECT count() FROM a) + (SELECT count() FROM b) AS n',
    params: z.object({}),
    row: z.object({ n: integerColumn }),
  });

  test.each(['before-query', 'after-query', 'mid-answer'] as const)('is finished by the next run (%s)', async (at) => {
    const server = await startClickHouseHttpServer(context);
    const clickhouse = await connect(server.url);
    await server.faults.add({ fault: { kind: 'cut', at }, sqlContains: 'IF NOT EXISTS b' });
    await expect(migrate(clickhouse, { migrations })).rejects.toMatchObject({ kind: 'infrastructure', canRetry: true });
    expect(await migrate(clickhouse, { migrations })).toEqual({ applied: ['0001_two'] });
    expect(await clickhouse.query(count, {})).toEqual([{ n: 0 }]);
    expect(await migrate(clickhouse, { migrations })).toEqual({ applied: [] });
  });
});
