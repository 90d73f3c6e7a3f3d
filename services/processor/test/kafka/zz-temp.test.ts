import { openKafkaLog } from '@michinori/event-log/kafka';
import { topics } from '@michinori/events';
import { expect, test, vi } from 'vitest';
import { append, expectConserved, logNameOf, touchpoint, visible } from '../world.ts';
import { startChild } from './child.ts';
import { asAdmin, caughtUp, deploymentsOfFile, group, longPatience } from './deployment.ts';

const deploy = deploymentsOfFile({ controlled: true });
const small = { batchRecordsMax: 10 };
const mebibyte = 1024 * 1024;

test('ClickHouse away while records pile up: memory stays bounded, nobody loses a partition, and then everything is there', async (context) => {
  const records = 100_000 * Math.max(1, Number(process.env.MICHINORI_TEST_RUNS ?? 1));
  const deployment = await deploy(context, { partitions: 4 });
  const { server, log, clickhouse } = deployment;
  const config = {
    ...(process.env.NAIVE ? { batchRecordsMax: 200_000, batchBytesMax: 256 * mebibyte, sinkBatchesMax: 64 } : { batchRecordsMax: 10_000, batchBytesMax: 4 * mebibyte, sinkBatchesMax: 2 }),
    ...{ retryDelayMsMin: 1, retryDelayMsMax: 50 },
  };
  await append(log, [touchpoint()]);
  const child = startChild(context, deployment, { config });
  await caughtUp(log);
  const rssBefore = child.report().rssBytes;
  const { assignments } = child.report();
  await server.stop();
  let most = 0;
  const text = 'x'.repeat(800);
  for (let sent = 0; sent < records; sent += 2_000) {
    const chunk = Array.from({ length: 2_000 }, (_, n) =>
      touchpoint({ customer: `piled-${(sent + n) % 5_000}`, properties: new Map([['page', text]]) }),
    );
    await append(log, chunk);
    most = Math.max(most, child.report().rssBytes);
  }
  const attempts = child.report().points['sink.after-fetch'] ?? 0;
  await vi.waitFor(
    () => expect(child.report().points['sink.after-fetch'] ?? 0).toBeGreaterThan(attempts + 100),
    longPatience,
  );
  most = Math.max(most, child.report().rssBytes);
  // 115 MB of records are waiting; four partitions may hold 4 MiB each, and two batches their rows.
  const { appendFileSync } = await import('node:fs'); appendFileSync('/tmp/d-mem.log', `${process.env.NAIVE ?? ''} before ${rssBefore/mebibyte} most ${most/mebibyte}\n`); if (process.env.NAIVE) return;
  await server.restart();
  await caughtUp(log, { patience: { timeout: 300_000, interval: 200 } });
  expect(child.report().assignments).toEqual(assignments);
  await child.stop();
  expect(await visible(clickhouse, log)).toHaveLength(records + 1);
  await expectConserved(log, clickhouse);
}, 600_000);
