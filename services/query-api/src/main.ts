import { join } from 'node:path';
import { type ClickHouse, connectClickHouse, migrate } from '@michinori/clickhouse';
import {
  assertListenAddress,
  attachSignals,
  ConfigError,
  createAccess,
  createHealth,
  createKeyStore,
  createLifecycle,
  createLogger,
  createMetrics,
  exitCodes,
  type LoadedConfig,
  type Part,
  printConfig,
  readProcessConfig,
} from '@michinori/runtime';
import { createQueryApi, type QueryApi } from './app.ts';
import { loadQueryApiConfig, type QueryApiProcessConfig } from './config.ts';

const version = '0.1.0';

async function run({ config }: LoadedConfig<QueryApiProcessConfig>): Promise<void> {
  const { host, port } = config.queryApi;
  const format = process.stdout.isTTY ? 'human' : 'json';
  const logger = createLogger({ service: 'query-api', level: config.logLevel, format });
  const metrics = createMetrics({ service: 'query-api', version });
  const health = createHealth();
  const onReadError = (error: unknown) =>
    logger.error({ err: error }, 'the key file is not valid, its former keys stay in force');
  const keys = createKeyStore({ file: config.keysFile ?? join(config.data, 'keys.json'), onReadError });
  assertListenAddress({ host, activeKeys: keys.activeCount() });

  let clickhouse: ClickHouse | null = null;
  let api: QueryApi | null = null;
  const parts: Part[] = [
    {
      name: 'clickhouse',
      start: async () => {
        clickhouse = await connectClickHouse(config.clickhouse, join(config.data, 'clickhouse'));
        await migrate(clickhouse);
      },
      stop: () => clickhouse?.close(),
      startDeadlineMs: 120_000,
    },
    {
      name: 'http server',
      start: async () => {
        if (clickhouse === null) return;
        const authorize = createAccess({ keys, host });
        const nowUs = () => Date.now() * 1000;
        api = createQueryApi({ clickhouse, authorize, health, metrics, logger, config: config.queryApi, nowUs });
        for (const check of api.checks) health.addCheck(check);
        const url = await api.app.listen({ host, port });
        logger.info({ url, isOpen: keys.isUnused() }, 'listening');
        logger.info('no event log in this process: definitions can be seen, not written');
      },
      stop: async () => {
        await api?.drain();
        await api?.app.close();
      },
    },
  ];
  const lifecycle = createLifecycle({ logger, parts, onDrain: health.startDraining });
  attachSignals(lifecycle, process);
  await lifecycle.start();
}

try {
  const { loaded, isPrintOnly } = readProcessConfig(loadQueryApiConfig, {
    argv: process.argv.slice(2),
    env: process.env,
  });
  if (isPrintOnly) process.stdout.write(printConfig(loaded));
  else await run(loaded);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? exitCodes.configuration : exitCodes.failure;
}
