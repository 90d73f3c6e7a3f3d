import { join } from 'node:path';
import { type EmbeddedLog, openEmbeddedLog } from '@michinori/event-log/embedded';
import {
  assertListenAddress,
  attachSignals,
  ConfigError,
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
import { createIngest, type Ingest } from './app.ts';
import { type IngestProcessConfig, loadIngestConfig } from './config.ts';

const version = '0.1.0';

async function run({ config }: LoadedConfig<IngestProcessConfig>): Promise<void> {
  const { ingest: settings, data } = config;
  const logger = createLogger({
    service: 'ingest',
    level: config.logLevel,
    format: process.stdout.isTTY ? 'human' : 'json',
  });
  const metrics = createMetrics({ service: 'ingest', version });
  const onReadError = (error: unknown) =>
    logger.error({ err: error }, 'the key file is not valid, its former keys stay in force');
  const keys = createKeyStore({ file: config.keysFile ?? join(data, 'keys.json'), onReadError });
  assertListenAddress({ host: settings.host, activeKeys: keys.activeCount() });

  let log: EmbeddedLog | null = null;
  let server: Ingest | null = null;
  const parts: Part[] = [
    {
      name: 'event log',
      start: async () => {
        log = await openEmbeddedLog({ path: join(data, 'log'), partitions: config.log.partitions });
      },
      stop: () => log?.close(),
    },
    {
      name: 'http server',
      start: async () => {
        if (log === null) return;
        server = createIngest({ log, keys, metrics, logger, config: settings });
        const url = await server.app.listen({ host: settings.host, port: settings.port });
        logger.info({ url, isOpen: keys.isUnused() }, 'listening');
      },
      stop: async () => {
        await server?.drain();
        await server?.app.close();
      },
    },
  ];
  const lifecycle = createLifecycle({ logger, parts });
  attachSignals(lifecycle, process);
  await lifecycle.start();
}

try {
  const { loaded, isPrintOnly } = readProcessConfig(loadIngestConfig, {
    argv: process.argv.slice(2),
    env: process.env,
  });
  if (isPrintOnly) process.stdout.write(printConfig(loaded));
  else await run(loaded);
} catch (error) {
  const isConfiguration = error instanceof ConfigError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isConfiguration ? exitCodes.configuration : exitCodes.failure;
}
