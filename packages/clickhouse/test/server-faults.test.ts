import { startClickHouseHttpServer } from '@michinori/testing';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ClickHouse, connectServer, defineQuery, integerColumn, migrate } from '../src/index.ts';

const context = { onTestFinished: (close: () => Promise<void>) => onTestFinished(close) };
const count = defineQuery({
  name: 'count-letters',
  sql: 'SELECT count() AS n FROM dead_letters',
  params: z.object({}),
  row: z.object({ n: integerColumn }),
});
const many = defineQuery({
  name: 'many-rows',
  sql: 'SELECT number AS n FROM numbers(50000)',
  params: z.object({}),
  row: z.object({ n: integerColumn }),
});
const letter = (offset: number) => ({ table: 'dead_letters', columns: ['log', 'log_offset'], rows: [['l', offset]] });

async function setUp(options: { compression?: boolean; child?: boolean } = {}) {
  const server = await startClickHouseHttpServer(context, { child: options.child ?? false });
  const clickhouse: ClickHouse = await connectServer({ url: server.url, compression: options.compression ?? false });
  onTestFinished(() => clickhouse.close());
  await migrate(clickhouse);
  return { server, clickhouse };
}

const lost = { kind: 'infrastructure', canRetry: true };

test.each([
  ['before-query', 0],
  ['after-query', 1],
  ['mid-answer', 1],
] as const)('an insert cut %s is infrastructure, whether or not it happened', async (at, rows) => {
  const { server, clickhouse } = await setUp();
  await server.faults.add({ fault: { kind: 'cut', at }, sqlContains: 'INSERT INTO dead_letters' });
  await expect(clickhouse.insert(letter(1))).rejects.toMatchObject(lost);
  expect(await clickhouse.query(count, {})).toEqual([{ n: rows }]);
  await clickhouse.insert(letter(2));
  expect(await clickhouse.query(count, {})).toEqual([{ n: rows + 1 }]);
});

test.each([false, true])('a half answer is never taken for a whole one (gzip %s)', async (compression) => {
  const { server, clickhouse } = await setUp({ compression });
  expect(await clickhouse.query(many, {})).toHaveLength(50_000);
  await server.faults.add({ fault: { kind: 'cut', at: 'mid-answer' }, sqlContains: 'numbers(50000)' });
  await expect(clickhouse.query(many, {})).rejects.toMatchObject({ ...lost, codeName: 'ANSWER_INTERRUPTED' });
  expect(await clickhouse.query(many, {})).toHaveLength(50_000);
});

test.each([true, false])('an exception behind a status of 200 keeps its true code (tagged %s)', async (tagged) => {
  const { server, clickhouse } = await setUp();
  const fault = (code: number) => ({ kind: 'exception-mid-answer', code, tagged }) as const;
  await server.faults.add({ fault: fault(159), sqlContains: 'numbers(50000)' });
  await expect(clickhouse.query(many, {})).rejects.toMatchObject({ code: 159, kind: 'limit' });
  await server.faults.add({ fault: fault(27), sqlContains: 'INSERT INTO dead_letters' });
  await expect(clickhouse.insert(letter(1))).rejects.toMatchObject({ code: 27, kind: 'data', canRetry: false });
});

test.each([502, 301, 200])('a proxy that answers %i in its place is infrastructure', async (status) => {
  const { server, clickhouse } = await setUp();
  const fault = { kind: 'status', status, body: '<html>Code: 62, said the proxy</html>' } as const;
  await server.faults.add({ fault });
  await expect(clickhouse.query(many, {})).rejects.toMatchObject(lost);
});

test('refused connections are infrastructure, and the server is found again when it is back', async () => {
  const { server, clickhouse } = await setUp();
  await clickhouse.insert(letter(1));
  await server.stop();
  await expect(clickhouse.ping()).rejects.toMatchObject({ ...lost, codeName: 'CONNECTION_FAILED' });
  await expect(clickhouse.insert(letter(2))).rejects.toMatchObject({ ...lost, codeName: 'CONNECTION_FAILED' });
  await server.restart();
  await clickhouse.ping();
  expect(await clickhouse.query(count, {})).toEqual([{ n: 1 }]);
});

test('an answer that does not come is a timeout', async () => {
  const server = await startClickHouseHttpServer(context);
  const clickhouse = await connectServer({ url: server.url, database: 'default', writeTimeoutMsMax: 100 });
  onTestFinished(() => clickhouse.close());
  await server.faults.add({ fault: { kind: 'delay', ms: 600 } });
  const slow = clickhouse.command({
    name: 'slow',
    sql: 'CREATE TABLE IF NOT EXISTS t (a UInt8) ENGINE = Memory',
    placeholders: [],
  });
  await expect(slow).rejects.toMatchObject({ ...lost, codeName: 'REQUEST_TIMEOUT' });
});

test('a wrong password is the operator’s to mend: nothing is dropped', async () => {
  const server = await startClickHouseHttpServer(context, { password: 'right' });
  const clickhouse = await connectServer({ url: server.url, password: 'wrong' });
  onTestFinished(() => clickhouse.close());
  await expect(clickhouse.ping()).rejects.toMatchObject({ ...lost, code: 516 });
});

test('with a third of the sockets cut at random, retries lose nothing and every answer is whole', async () => {
  const { server, clickhouse } = await setUp();
  await server.faults.randomCuts({ share: 0.33, seed: 7 });
  let failures = 0;
  async function until<T>(action: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await action();
      } catch (error) {
        expect(error).toMatchObject(lost);
        failures += 1;
      }
    }
  }
  for (let offset = 0; offset < 30; offset += 1) await until(() => clickhouse.insert(letter(offset)));
  expect(await until(() => clickhouse.query(many, {}))).toHaveLength(50_000);
  await server.faults.clear();
  const distinct = defineQuery({
    ...count,
    name: 'distinct',
    sql: 'SELECT uniqExact(log_offset) AS n FROM dead_letters',
  });
  expect(await clickhouse.query(distinct, {})).toEqual([{ n: 30 }]);
  expect(failures).toBeGreaterThan(3);
});

test('a server in a process of its own can be killed and keeps what it acknowledged', async () => {
  const { server, clickhouse } = await setUp({ child: true });
  await clickhouse.insert(letter(1));
  await server.kill();
  await expect(clickhouse.insert(letter(2))).rejects.toMatchObject(lost);
  await server.restart();
  expect(await clickhouse.query(count, {})).toEqual([{ n: 1 }]);
});
