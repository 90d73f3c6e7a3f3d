import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNativeClickHouse } from '@michinori/testing/native-clickhouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ClickHouse, connectServer, defineQuery, defineStatement, integerColumn, migrate } from '../src/index.ts';
import { probeRights } from '../src/probe-rights.ts';

// The stock users.xml, next to which a server merges users.d.
const stock = `<clickhouse>
  <profiles><default/></profiles>
  <users><default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default></users>
  <quotas><default><interval><duration>3600</duration></interval></default></quotas>
</clickhouse>`;

const shipped = new URL('../../../infra/clickhouse/users.d/', import.meta.url);
const password = (user: string) => `${user}'s "own"`;
const closers: (() => Promise<void>)[] = [];
const onTestFinished = (close: () => Promise<void>) => void closers.push(close);
const people = new Map<string, ClickHouse>();
let url = '';

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'michinori-users-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'users.xml'), stock);
  await cp(shipped, join(folder, 'users.d'), { recursive: true });
  const users = ['michinori_writer', 'michinori_reader', 'michinori_alerter', 'michinori_grafana'];
  const environment = Object.fromEntries(users.map((user) => [`${user.toUpperCase()}_PASSWORD`, password(user)]));
  const server = await startNativeClickHouse(
    { onTestFinished },
    { usersFile: join(folder, 'users.xml'), environment, cluster: { name: 'main', nodes: [], shard: '01' } },
  );
  url = server.url;
  for (const username of users) {
    const clickhouse = await connectServer({ url, username, password: password(username) });
    onTestFinished(() => clickhouse.close());
    people.set(username, clickhouse);
  }
  await migrate(as('writer'));
  await as('writer').insert({ table: 'events', columns: ['event_id', 'customer'], rows: [['e', 'c']] });
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

function as(name: 'writer' | 'reader' | 'alerter' | 'grafana'): ClickHouse {
  const clickhouse = people.get(`michinori_${name}`);
  if (clickhouse === undefined) throw new Error(name);
  return clickhouse;
}

const run = (clickhouse: ClickHouse, sql: string) => clickhouse.command(defineStatement({ name: 'test', sql }));
const count = (sql: string) =>
  defineQuery({ name: 'test', sql, params: z.object({}), row: z.object({ n: integerColumn }) });
const events = count('SELECT count() AS n FROM events');

/** A question over HTTP as Grafana's plugin or a person asks it: no settings of Michinori. */
async function ask(user: string, query: string, settings: Record<string, string> = {}): Promise<string> {
  const parameters = new URLSearchParams({ database: 'michinori', ...settings });
  const headers = { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password(user) };
  const answer = await fetch(`${url}/?${parameters}`, { method: 'POST', body: query, headers });
  return answer.text();
}

describe('the writer', () => {
  test('migrates, writes, reads, deletes and drops in its database', async () => {
    await probeRights(as('writer'));
    expect(await migrate(as('writer'))).toEqual({ applied: [] });
    expect(await as('writer').queryOnWriter(events, {})).toEqual([{ n: 1 }]);
    await run(
      as('writer'),
      'CREATE TABLE IF NOT EXISTS scratch (k UInt8) ENGINE = MergeTree PARTITION BY k % 3 ORDER BY k',
    );
    await run(as('writer'), 'INSERT INTO scratch SELECT number FROM numbers(200)');
    await run(as('writer'), 'ALTER TABLE scratch DROP PARTITION 2');
    await run(as('writer'), 'DELETE FROM scratch WHERE k = 7 SETTINGS lightweight_deletes_sync = 2');
    await run(as('writer'), 'OPTIMIZE TABLE scratch FINAL');
    expect(await as('writer').query(count('SELECT count() AS n FROM scratch'), {})).toEqual([{ n: 133 }]);
    await run(as('writer'), 'DROP TABLE IF EXISTS scratch SYNC');
  });

  test('has no power elsewhere', async () => {
    for (const sql of [
      'CREATE DATABASE other',
      'CREATE USER somebody',
      'CREATE TABLE default.t (k UInt8) ENGINE = MergeTree ORDER BY k',
      "INSERT INTO FUNCTION file('x.csv') SELECT 1",
      'SYSTEM SHUTDOWN',
    ]) {
      await expect(run(as('writer'), sql), sql).rejects.toMatchObject({ codeName: 'ACCESS_DENIED' });
    }
  });
});

describe('the reader', () => {
  test('asks with all that a question brings along', async () => {
    const query = defineQuery({
      name: 'test',
      sql: 'SELECT count() AS n FROM events WHERE customer IN {names:Array(String)}',
      settings: {
        optimize_aggregation_in_order: 1,
        precise_float_parsing: 1,
        compile_expressions: 0,
        join_use_nulls: 1,
      },
      limits: { timeMsMax: 60_000, memoryBytesMax: 6 * 1024 ** 3, resultRowsMax: 2_000_000 },
      params: z.object({ names: z.array(z.string()) }),
      row: z.object({ n: integerColumn }),
    });
    expect(await as('reader').query(query, { names: ['c'] })).toEqual([{ n: 1 }]);
    expect(await as('reader').version()).toMatch(/^\d+\./);
  });

  test('changes nothing, and reads nothing but the database', async () => {
    for (const sql of [
      "INSERT INTO events (event_id) VALUES ('x')",
      'TRUNCATE TABLE events',
      'ALTER TABLE events DELETE WHERE 1',
      'DROP TABLE IF EXISTS events',
      'CREATE TABLE michinori.t (k UInt8) ENGINE = MergeTree ORDER BY k',
    ]) {
      await expect(run(as('reader'), sql), sql).rejects.toMatchObject({ codeName: 'ACCESS_DENIED' });
    }
    for (const source of [
      "file('/etc/passwd', LineAsString)",
      "url('http://127.0.0.1/', LineAsString)",
      'system.users',
    ]) {
      const answer = await ask('michinori_reader', `SELECT count() FROM ${source}`);
      expect(answer, source).toContain('ACCESS_DENIED');
    }
  });

  test('cannot lift its limits', async () => {
    const error = { codeName: 'SETTING_CONSTRAINT_VIOLATION' };
    await expect(as('reader').query(events, {}, { limits: { timeMsMax: 600_000 } })).rejects.toMatchObject(error);
    const memory = { limits: { memoryBytesMax: 64 * 1024 ** 3 } };
    await expect(as('reader').query(events, {}, memory)).rejects.toMatchObject(error);
  });
});

describe('the alerter', () => {
  test('reads everything, and writes its own tables and no others', async () => {
    const nowUs = Date.now() * 1000;
    const tables = {
      alert_rules: { alert: 'a' },
      alert_evaluations: { alert: 'a', evaluated_at: nowUs },
      alert_told: { alert: 'a', evaluated_at: nowUs },
      alert_notifications: { id: 'a', sequence: nowUs },
      alert_deliveries: { notification: 'a', sequence: nowUs },
      health_evaluations: { journey: 'j', as_of: nowUs },
      health_scores: { journey: 'j', as_of: nowUs },
      health_signals: { journey: 'j', as_of: nowUs },
      health_tasks: { journey: 'j', as_of: nowUs },
      health_told: { journey: 'j', as_of: nowUs },
      health_track_records: { journey: 'j', as_of: nowUs },
    };
    for (const [table, row] of Object.entries(tables)) {
      await as('alerter').insert({ table, columns: Object.keys(row), rows: [Object.values(row)] });
      expect(await as('alerter').queryOnWriter(count(`SELECT count() AS n FROM ${table}`), {})).toEqual([{ n: 1 }]);
    }
    await as('alerter').insert({ table: 'alert_leases', columns: ['lease', 'holder'], rows: [['l', 'h']] });
    expect(await as('alerter').query(events, {})).toEqual([{ n: 1 }]);
    for (const sql of [
      "INSERT INTO events (event_id) VALUES ('x')",
      "INSERT INTO unit_journeys (unit) VALUES ('x')",
      'TRUNCATE TABLE alert_rules',
      'DROP TABLE IF EXISTS alert_rules',
      'CREATE TABLE michinori.alert_more (k UInt8) ENGINE = MergeTree ORDER BY k',
    ]) {
      await expect(run(as('alerter'), sql), sql).rejects.toMatchObject({ codeName: 'ACCESS_DENIED' });
    }
  });
});

describe('on a cluster', () => {
  const options = (name: string) => ({ url, cluster: 'main', username: name, password: password(name) });

  beforeAll(async () => {
    const local = '(k UInt64) ENGINE = MergeTree ORDER BY k';
    for (const table of ['source', 'target', 'alert_test']) {
      await run(as('writer'), `CREATE TABLE IF NOT EXISTS ${table}_local ${local}`);
      const engine = `Distributed(main, michinori, ${table}_local, k)`;
      await run(as('writer'), `CREATE TABLE IF NOT EXISTS ${table} AS ${table}_local ENGINE = ${engine}`);
    }
  });

  test('the writer inserts through the cluster and lets each shard do its part', async () => {
    const writer = await connectServer(options('michinori_writer'));
    await writer.insert({ table: 'source', columns: ['k'], rows: [[1], [2]] });
    const sql = 'INSERT INTO target (k) SELECT k FROM source';
    await writer.insertSelect(defineStatement({ name: 'test', sql, isShardLocal: true }));
    expect(await writer.queryOnWriter(count('SELECT count() AS n FROM target'), {})).toEqual([{ n: 2 }]);
    await writer.close();
  });

  test('the alerter inserts through the cluster', async () => {
    const alerter = await connectServer(options('michinori_alerter'));
    await alerter.insert({ table: 'alert_test', columns: ['k'], rows: [[1], [2]] });
    expect(await alerter.queryOnWriter(count('SELECT count() AS n FROM alert_test'), {})).toEqual([{ n: 2 }]);
    await alerter.close();
  });

  test('the reader asks all shards for a set', async () => {
    const reader = await connectServer(options('michinori_reader'));
    const sql = 'SELECT count() AS n FROM source WHERE k GLOBAL IN (SELECT k FROM source WHERE k > 1)';
    expect(await reader.query(count(sql), {})).toEqual([{ n: 1 }]);
    await reader.close();
  });
});

describe("Grafana's user", () => {
  test('asks with limits of its own, up to those of its profile', async () => {
    const sql = 'SELECT count() FROM events';
    expect(await ask('michinori_grafana', sql, { max_execution_time: '20' })).toBe('1\n');
    expect(await ask('michinori_grafana', sql, { max_execution_time: '600' })).toContain(
      'SETTING_CONSTRAINT_VIOLATION',
    );
    expect(await ask('michinori_grafana', "INSERT INTO events (event_id) VALUES ('x')")).toMatch(
      /READONLY|ACCESS_DENIED/,
    );
    expect(await ask('michinori_grafana', 'SELECT count() FROM system.users')).toContain('ACCESS_DENIED');
    const many = await ask('michinori_grafana', 'SELECT arrayJoin(range(1000000)) FROM events', {
      wait_end_of_query: '1',
    });
    expect(many).toContain('TOO_MANY_ROWS_OR_BYTES');
  });
});

test('a wrong password is refused', async () => {
  const stranger = await connectServer({ url, username: 'michinori_reader', password: 'guess' });
  await expect(stranger.ping()).rejects.toMatchObject({ codeName: 'AUTHENTICATION_FAILED' });
  await stranger.close();
});
