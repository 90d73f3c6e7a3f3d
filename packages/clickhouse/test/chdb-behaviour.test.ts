import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drainPending, Session } from 'chdb';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// What chDB 3.4.0 does that the adapter has to work around. When one of these fails after an upgrade, the workaround
// that is named beside it may go.
let path: string;
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'michinori-chdb-'));
});
afterAll(async () => {
  await drainPending();
  await rm(path, { recursive: true, force: true });
});

function open(): Session {
  return new Session(path);
}

describe('chDB itself', () => {
  test('clickhouse_settings of one call stay for the next (so: never pass any; profiles in embedded-readers.ts)', async () => {
    const connection = createChdbConnection({ path });
    try {
      const token = {
        query: "SELECT getSetting('insert_deduplication_token')",
        clickhouse_settings: { insert_deduplication_token: 'leaked' },
      };
      await connection.command(token);
      const { stream } = await connection.query({
        query: "SELECT getSetting('insert_deduplication_token') FORMAT TSV",
      });
      expect(Buffer.concat(await stream.toArray()).toString()).toBe('leaked\n');
    } finally {
      await connection.close();
    }
  });

  test('what a failed query had written comes out in front of the next answer (so: drop the connection)', async () => {
    const session = open();
    try {
      await session.queryAsync('SET output_format_json_array_of_rows = 1');
      await expect(session.queryAsync('SELECT throwIf(1)', { format: 'JSONEachRow' })).rejects.toThrow();
      const answer = await session.queryAsync('SELECT 1 AS a', { format: 'JSONEachRow' });
      expect(() => JSON.parse(answer.text())).toThrow();
    } finally {
      session.close();
    }
  });

  test('SET param_ binds on a read-only connection, and only on that one (so: parallel bound reads)', async () => {
    const [one, other] = [open(), open()];
    try {
      await one.queryAsync('SET readonly = 1');
      const answer = await one.queryAsync("SET param_a = 'it\\'s'; SELECT {a:String}", { format: 'RawBLOB' });
      expect(answer.text()).toBe("it's");
      await expect(other.queryAsync('SELECT {a:String}')).rejects.toMatchObject({ clickhouseCode: 456 });
    } finally {
      one.close();
      other.close();
    }
  });

  test('a read-only connection refuses SETTINGS in the SQL (so: a connection per set of limits)', async () => {
    const session = open();
    try {
      await session.queryAsync('SET readonly = 1');
      await expect(session.queryAsync('SELECT 1 SETTINGS max_threads = 1')).rejects.toMatchObject({
        clickhouseCode: 164,
      });
    } finally {
      session.close();
    }
  });

  test('a process has one data folder at a time', async () => {
    const session = open();
    try {
      expect(() => new Session(join(path, 'other'))).toThrow();
    } finally {
      session.close();
    }
  });
});
