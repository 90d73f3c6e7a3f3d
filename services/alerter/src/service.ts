import { join } from 'node:path';
import { type ClickHouse, connectClickHouse, prepareTables } from '@michinori/clickhouse';
import type { Part, Service, ServiceContext } from '@michinori/runtime';
import { type Alerter, createAlerter } from './alerter.ts';
import { createAlerterApp } from './app.ts';
import { type AlerterProcessConfig, loadAlerterConfig } from './config.ts';

/** The alerter as a process. It only reads. */
export const alerterService: Service<AlerterProcessConfig> = { name: 'alerter', load: loadAlerterConfig, build };

function build(context: ServiceContext<AlerterProcessConfig>): Part[] {
  const { config, logger, metrics, health, waitFor } = context;
  const app = createAlerterApp({ health, metrics });
  let clickhouse: ClickHouse | undefined;
  let alerter: Alerter | undefined;

  return [
    {
      name: 'health server',
      async start() {
        const url = await app.listen({ host: config.alerter.host, port: config.alerter.port });
        logger.info({ url }, 'listening');
      },
      stop: () => app.close(),
    },
    {
      name: 'clickhouse',
      startDeadlineMs: 120_000,
      async start() {
        clickhouse = await connectClickHouse(config.clickhouse, join(config.data, 'clickhouse'));
      },
      stop: () => clickhouse?.close(),
    },
    {
      name: 'alerter',
      startDeadlineMs: Number.POSITIVE_INFINITY,
      async start(signal) {
        if (clickhouse === undefined) return;
        await prepareTables(clickhouse, { tables: 'await', waitFor, signal });
        alerter = createAlerter({ clickhouse, metrics, logger, config: config.alerter });
        for (const check of alerter.checks) health.addCheck(check);
        alerter.start();
      },
      stop: () => alerter?.stop(),
    },
  ];
}
