import { join } from 'node:path';
import { connectClickHouse, migrate } from '@michinori/clickhouse';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { topicSettings } from '@michinori/events';
import {
  attachSignals,
  ConfigError,
  createHealth,
  createLifecycle,
  createLogger,
  createMetrics,
  exitCodes,
  type LoadedConfig,
  type Part,
  printConfig,
  readProcessConfig,
} from '@michinori/runtime';
import { createProcessorApp } from './app.ts';
import { loadProcessorConfig, type ProcessorProcessConfig } from './config.ts';
import { createProcessor } from './processor.ts';

const version = '0.1.0';

async function run({ config }: LoadedConfig<ProcessorProcessConfig>): Promise<void> {
  const logger = createLogger({
    service: 'processor',
    level: config.logLevel,
    format: process.stdout.isTTY ? 'human' : 'json',
  });
  const metrics = createMetrics({ service: 'processor', version });
  const health = createHealth();
  const app = createProcessorApp({ health, metrics });
  const clickhouse = await connectClickHouse(config.clickhouse, join(config.data, 'clickhouse'));
  const log = await openEmbeddedLog({
    path: join(config.data, 'log'),
    partitions: config.log.partitions,
    topics: topicSettings,
  });
  const processor = createProcessor({
    log,
    clickhouse,
    metrics,
    logger,
    config: config.processor,
    onFatal(error) {
      health.markFatal(error.message);
      lifecycle.fatal(error);
    },
  });
  for (const check of processor.checks) health.addCheck(check);

  const parts: Part[] = [
    {
      name: 'health server',
      start: () => app.listen({ host: config.processor.host, port: config.processor.port }),
      stop: () => app.close(),
    },
    { name: 'clickhouse', start: () => migrate(clickhouse), stop: () => clickhouse.close() },
    { name: 'event log', stop: () => log.close() },
    { name: 'processor', start: () => processor.start(), stop: () => processor.stop() },
  ];
  const lifecycle = createLifecycle({ logger, parts, onDrain: health.startDraining });
  attachSignals(lifecycle, process);
  await lifecycle.start();
}

try {
  const { loaded, isPrintOnly } = readProcessConfig(loadProcessorConfig, {
    argv: process.argv.slice(2),
    env: process.env,
  });
  if (isPrintOnly) process.stdout.write(printConfig(loaded));
  else await run(loaded);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? exitCodes.configuration : exitCodes.failure;
}
