import { type Alerter, type Alerting, type AlertingFiles, createAlerter, openAlerting } from '@michinori/alerter';
import { addIngestRoutes, createIngestServer } from '@michinori/ingest';
import { createProcessor, type Faults, type Processor } from '@michinori/processor';
import { addQueryRoutes, answerNotFound } from '@michinori/query-api';
import {
  addHealthRoutes,
  assertListenAddress,
  createAccess,
  createHealth,
  createLifecycle,
  createMetrics,
  type KeyStore,
  type Lifecycle,
  type Logger,
  openKeys,
} from '@michinori/runtime';
import type { StandaloneConfig } from './config.ts';
import { openStores, type Stores } from './open-stores.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';
import { version } from './version.ts';

export interface StandaloneOptions {
  config: StandaloneConfig;
  logger: Logger;
  /** Microseconds since the epoch. */
  nowUs: () => number;
  /** What the files of channels and rules say; default: no rule is evaluated, also none of the log. */
  alertingFiles?: AlertingFiles | null;
  /** Ends the process at a labelled step of the sink; tests only. */
  faults?: Faults;
  /** `off` is the negative control of the tests. */
  verification?: 'on' | 'off';
}

/** Ingest, processor, query API and alerter in one process, one port for all; by default on the embedded adapters. */
export interface Standalone {
  lifecycle: Lifecycle;
  keys: KeyStore;
  /** After start. */
  stores(): Stores;
  processor(): Processor;
  /** Address that is listened on; after start. */
  url(): string;
}

/** Puts the services together. Nothing is opened before `lifecycle.start()`; `lifecycle.stop()` ends all in order. */
export function createStandalone(options: StandaloneOptions): Standalone {
  const { config, logger, nowUs, alertingFiles = null, faults, verification } = options;
  const metrics = createMetrics({ service: 'standalone', version });
  const health = createHealth();
  const keys = openKeys(config, logger);
  const server = createIngestServer({ config: config.ingest, logger });
  let stores: Stores | undefined;
  let processor: Processor | undefined;
  let alerter: Alerter | undefined;
  let alerting: Alerting | undefined;
  let routes: { drain(): Promise<void> }[] = [];
  let url = '';

  const lifecycle = createLifecycle({
    logger,
    onDrain: () => health.startDraining(),
    parts: [
      {
        name: 'stores',
        start: async () => {
          assertListenAddress({ host: config.host, activeKeys: keys.activeCount() });
          stores = await openStores(config, logger);
        },
        stop: () => stores?.close(),
        startDeadlineMs: 120_000,
      },
      {
        name: 'processor',
        start: async () => {
          const { log, clickhouse } = opened(stores);
          processor = createProcessor({
            log,
            clickhouse,
            metrics,
            logger,
            config: config.processor,
            onFatal(error) {
              health.markFatal(error.message);
              lifecycle.fatal(error);
            },
            ...(faults === undefined ? {} : { faults }),
            ...(verification === undefined ? {} : { verification }),
          });
          for (const check of processor.checks) health.addCheck(check);
          await processor.start();
        },
        stop: () => processor?.stop(),
        startDeadlineMs: 120_000,
      },
      {
        name: 'alerter',
        start() {
          const { clickhouse } = opened(stores);
          alerter = createAlerter({ clickhouse, metrics, logger, config: config.alerter });
          alerter.start();
        },
        stop: () => alerter?.stop(),
      },
      {
        name: 'alerting',
        start() {
          if (alertingFiles === null) return;
          const { clickhouse, log } = opened(stores);
          const files = alertingFiles;
          alerting = openAlerting({ clickhouse, log, metrics, logger, config: config.alerter, files, nowUs });
          alerting.start();
        },
        stop: () => alerting?.stop(),
      },
      {
        name: 'http server',
        start: async () => {
          const { log, clickhouse } = opened(stores);
          const { host, port } = config;
          const authorize = createAccess({ keys, host, allowedOrigins: config.ingest.corsOrigins });
          server.setNotFoundHandler(answerNotFound);
          addHealthRoutes(server, { health, metrics });
          const ingest = addIngestRoutes(server, {
            log,
            keys,
            metrics,
            logger,
            health,
            config: { ...config.ingest, host, port },
            clock: { nowUs },
          });
          const queries = addQueryRoutes(server, {
            clickhouse,
            log,
            authorize,
            health,
            metrics,
            logger,
            nowUs,
            config: config.queryApi,
          });
          for (const check of queries.checks) health.addCheck(check);
          routes = [ingest, queries];
          url = await server.listen({ host, port });
          writeServerFile(config.data, url);
          logger.info({ url }, 'listening');
        },
        stop: async () => {
          removeServerFile(config.data);
          await Promise.all(routes.map((route) => route.drain()));
          await server.close();
        },
      },
    ],
  });

  return {
    lifecycle,
    keys,
    stores: () => opened(stores),
    processor: () => opened(processor),
    url: () => url,
  };
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('this part of the process has not been started');
  return part;
}
