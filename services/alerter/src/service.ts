import { join } from 'node:path';
import { type ClickHouse, connectClickHouse, prepareTables } from '@michinori/clickhouse';
import { healthServer, type Part, type Service, type ServiceContext } from '@michinori/runtime';
import { type Alerter, createAlerter } from './alerter.ts';
import { type AlerterProcessConfig, loadAlerterConfig } from './config.ts';

/** The alerter as a process. It only reads. */
export const alerterService: Service<AlerterProcessConfig> = { name: 'alerter', load: loadAlerterConfig, build };

function build(context: ServiceContext<AlerterProcessConfig>): Part[] {
  const { config, logger, metrics, health, waitFor } = context;
  let clickhouse: ClickHouse | undefined;
  let alerter: Alerter | undefined;

  return [
    healthServer(context, config.alerter),
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
