import { connectServer, migrate } from '@michinori/clickhouse';
import { expect, it, onTestFinished, vi } from 'vitest';
import { provideClickHouse, startClickHouse } from '../src/index.ts';

vi.setConfig({ testTimeout: 300_000 });

const context = { onTestFinished: (close: () => Promise<void>) => onTestFinished(close) };

async function databasesOf(url: string): Promise<string[]> {
  const response = await fetch(url, { method: 'POST', body: 'SHOW DATABASES' });
  return (await response.text()).trim().split('\n');
}

it('a server of our own keeps its data over kill -9, on the same address', async () => {
  const server = await startClickHouse(context, { controlled: true });
  const clickhouse = await connectServer(server);
  onTestFinished(() => clickhouse.close());
  await migrate(clickhouse);
  await server.kill();
  await expect(clickhouse.ping()).rejects.toMatchObject({ kind: 'infrastructure' });
  await server.restart();
  expect(await migrate(clickhouse)).toEqual({ applied: [] });
});

it('the server of CLICKHOUSE_URL is given with a database of its own, dropped in the end', async () => {
  const ours = await startClickHouse(context, { controlled: true });
  vi.stubEnv('CLICKHOUSE_URL', ours.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const closers: (() => Promise<void>)[] = [];
  const given = await startClickHouse({ onTestFinished: (close) => void closers.push(close) });
  expect(given).toMatchObject({ kind: 'given', url: ours.url, faults: null });
  const clickhouse = await connectServer(given);
  await migrate(clickhouse);
  await clickhouse.close();
  expect(await databasesOf(ours.url)).toContain(given.database);
  await expect(given.kill()).rejects.toThrow('controlled');
  for (const close of closers) await close();
  expect(await databasesOf(ours.url)).not.toContain(given.database);
  const provided = await provideClickHouse();
  expect(provided).toMatchObject({ outcome: 'started', server: { url: ours.url } });
});

it('a faulty one fails when it is told to', async () => {
  const server = await startClickHouse(context, { faulty: true });
  const clickhouse = await connectServer(server);
  onTestFinished(() => clickhouse.close());
  await migrate(clickhouse);
  await server.faults?.add({ fault: { kind: 'cut', at: 'before-query', isReset: true }, sqlContains: 'version' });
  await expect(clickhouse.version()).rejects.toMatchObject({ kind: 'infrastructure' });
  expect(await clickhouse.version()).toMatch(/^\d+\./);
});
