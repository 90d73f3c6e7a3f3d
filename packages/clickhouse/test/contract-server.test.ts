import { randomBytes } from 'node:crypto';
import { clickhouseContract } from '@michinori/testing';
import { test } from 'vitest';
import { connectServer } from '../src/index.ts';

const { CLICKHOUSE_URL: url, CLICKHOUSE_USER: username, CLICKHOUSE_PASSWORD: password } = process.env;

if (url === undefined) {
  test('ClickHouse contract: a real server', (context) => {
    context.skip('no ClickHouse server: set CLICKHOUSE_URL (and CLICKHOUSE_USER, CLICKHOUSE_PASSWORD)');
  });
} else {
  clickhouseContract(`server at ${new URL(url).host}`, async (context) => {
    const database = `michinori_test_${randomBytes(6).toString('hex')}`;
    const options = { url, username: username ?? 'default', password: password ?? '' };
    const clickhouse = await connectServer({ ...options, database });
    const admin = await connectServer({ ...options, database: 'default' });
    context.onTestFinished(() => admin.close());
    context.onTestFinished(() =>
      admin.command({ name: 'drop', sql: `DROP DATABASE IF EXISTS ${database} SYNC`, placeholders: [] }),
    );
    context.onTestFinished(() => clickhouse.close());
    return clickhouse;
  });
}
