import { takeoverHorizon } from '@michinori/queries';
import { createHealth, createHealthApp, createSilentLogger } from '@michinori/runtime';
import { expect, test } from 'vitest';
import { createProcessor, loadProcessorConfig, systemClock } from '../src/index.ts';
import {
  append,
  clickhouseOfFile,
  configOf,
  drain,
  logNameOf,
  receivedAtUs,
  settled,
  temporaryLog,
  testMetrics,
  touchpoint,
} from './world.ts';

const clickhouse = clickhouseOfFile();

test('metrics and health of a worker that has caught up', async (context) => {
  const log = await temporaryLog(context, { partitions: 2 });
  const metrics = testMetrics();
  const health = createHealth();
  const clock = { ...systemClock, nowUs: () => receivedAtUs + 90_000_000_000 };
  const processor = createProcessor({
    log,
    clickhouse: await clickhouse(),
    metrics,
    logger: createSilentLogger(),
    config: configOf(),
    clock,
  });
  for (const check of processor.checks) health.addCheck(check);
  const app = createHealthApp({ health, metrics });
  context.onTestFinished(() => app.close());
  await append(log, [touchpoint(), touchpoint()]);
  const before = (await app.inject('/metrics')).body;
  expect(before).toMatch(/michinori_log_lag_events{topic="events",partition="\d"} [12]/);
  await processor.start();
  await settled(log);
  await processor.stop();

  const { body } = await app.inject('/metrics');
  expect(body).toContain('michinori_log_lag_events{topic="events",partition="0"} 0');
  expect(body).toContain('michinori_end_to_end_delay_seconds_count 2');
  expect(body).toContain(`michinori_watermark_timestamp_seconds ${clock.nowUs() / 1_000_000}`);
  expect(body).toMatch(/michinori_sink_batches_total{outcome="ok"} [12]/);
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  expect((await app.inject('/livez')).statusCode).toBe(200);
});

test('the watermark stands at the first record that waits', async (context) => {
  const log = await temporaryLog(context);
  await append(log, [touchpoint(), touchpoint()]);
  const [first] = await log.read('events', 0, 0, { recordsMax: 1, bytesMax: 1 });
  const processor = createProcessor({
    log,
    clickhouse: await clickhouse(),
    metrics: testMetrics(),
    logger: createSilentLogger(),
    config: configOf(),
  });
  expect(await processor.watermarkUs()).toBe(first?.appendedAtUs);
});

test('configuration: defaults, environment, and no way to switch the verification off', () => {
  expect(loadProcessorConfig({}).config.processor).toMatchObject({
    port: 8083,
    host: '127.0.0.1',
    auditShareMax: 0.04,
  });
  expect(loadProcessorConfig({ env: { MICHINORI_PROCESSOR_LINGER_MS: '20' } }).config.processor.lingerMs).toBe(20);
  expect(() => loadProcessorConfig({ flags: { verification: 'off' } })).toThrow(/verification/);
});

test('the horizon of a take-over: the first offset that no worker has touched', async (context) => {
  const shared = await clickhouse();
  const log = await temporaryLog(context);
  const horizon = async (fromOffset: number) =>
    shared.queryOnWriter(takeoverHorizon, { log: await logNameOf(log), partition: 0, fromOffset });
  expect(await horizon(0)).toEqual([{ horizon: 0 }]);
  expect(await horizon(7)).toEqual([{ horizon: 7 }]);
  await append(log, [touchpoint(), touchpoint()]);
  await log.append('events', [{ key: 'k', value: new Uint8Array([1]) }]);
  await drain({ log, clickhouse: shared });
  expect(await horizon(0)).toEqual([{ horizon: 3 }]);
  expect(await horizon(3)).toEqual([{ horizon: 3 }]);
});
