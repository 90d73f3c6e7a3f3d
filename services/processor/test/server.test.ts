import { connectServer, migrate } from '@michinori/clickhouse';
import { startClickHouseHttpServer } from '@michinori/testing';
import { expect, test, vi } from 'vitest';
import {
  append,
  buildProcessor,
  expectConserved,
  settled,
  temporaryLog,
  testMetrics,
  touchpoint,
  visible,
} from './world.ts';

test('over HTTP, with cut sockets, lost answers and a restart: every event once', async (context) => {
  const server = await startClickHouseHttpServer(context);
  const clickhouse = await connectServer({ url: server.url, username: server.username, password: server.password });
  context.onTestFinished(() => clickhouse.close());
  await migrate(clickhouse);
  const log = await temporaryLog(context, { partitions: 2 });
  const events = Array.from({ length: 120 }, () => touchpoint());
  const metrics = testMetrics();
  const processor = buildProcessor({ log, clickhouse, metrics, config: { batchRecordsMax: 12 } });
  await processor.start();

  await server.faults.randomCuts({ share: 0.1, seed: 7 });
  await server.faults.add({ fault: { kind: 'cut', at: 'after-query' }, sqlContains: 'INSERT INTO events', times: 2 });
  await append(log, events.slice(0, 80));
  await settled(log);
  await server.faults.randomCuts(null);

  await server.stop();
  await append(log, events.slice(80));
  await vi.waitFor(
    async () => expect((await metrics.exposition()).text).toMatch(/batches_total{outcome="infrastructure"} \d{2,}/),
    { timeout: 20_000 },
  );
  await server.restart();
  await settled(log);
  await processor.stop();

  const rows = await visible(clickhouse, log);
  expect(rows.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
  expect(rows.every(({ copies }) => copies === 1)).toBe(true);
  expect(processor.checks[0]?.check()).toEqual({ ok: true });
  await expectConserved(log, clickhouse);
});
