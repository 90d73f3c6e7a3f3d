import { expect, onTestFinished, test } from 'vitest';
import { startClickHouseHttpServer } from '../src/index.ts';

async function setUp() {
  const server = await startClickHouseHttpServer({ onTestFinished });
  const ask = (sql: string) => fetch(server.url, { method: 'POST', body: sql });
  await ask('CREATE TABLE numbered (n UInt8) ENGINE = MergeTree ORDER BY n');
  const count = async () => (await (await ask('SELECT count() FROM numbered')).text()).trim();
  return { server, ask, count };
}

test('a pretended success has run nothing, and only the one that was meant', async () => {
  const { server, ask, count } = await setUp();
  await server.faults.add({ fault: { kind: 'pretend' }, sqlContains: 'INSERT INTO numbered' });
  const pretended = await ask('INSERT INTO numbered VALUES (1)');
  expect([pretended.status, await pretended.text()]).toEqual([200, '']);
  expect(await count()).toBe('0');
  expect((await ask('INSERT INTO numbered VALUES (2)')).status).toBe(200);
  expect(await count()).toBe('1');
});

test.each([
  ['before-query', '0'],
  ['after-query', '1'],
] as const)('a connection reset %s is a reset for the client', async (at, rows) => {
  const { server, ask, count } = await setUp();
  await server.faults.add({ fault: { kind: 'cut', at, isReset: true }, sqlContains: 'INSERT' });
  await expect(ask('INSERT INTO numbered VALUES (1)')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(await count()).toBe(rows);
});

test('a share of the answers is reset until that is over', async () => {
  const { server, ask } = await setUp();
  await server.faults.randomCuts({ share: 0.5, seed: 3, isReset: true });
  const codes = new Set<unknown>();
  for (let request = 0; request < 30; request += 1) {
    await ask('SELECT 1').then(
      async (response) => codes.add((await response.text().catch(() => 'half')).trim()),
      (error: Error) => codes.add((error.cause as { code?: string }).code),
    );
  }
  expect([...codes].sort()).toEqual(['1', 'ECONNRESET', 'half']);
  await server.faults.randomCuts(null);
  const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await ask('SELECT 1')).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
});
