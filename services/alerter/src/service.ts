import { join } from 'node:path';
import { type ClickHouse, connectClickHouse, prepareTables } from '@michinori/clickhouse';
import { ConfigError, healthServer, type Part, type Service, type ServiceContext } from '@michinori/runtime';
import { type Alerter, createAlerter } from './alerter.ts';
import { type AlerterProcessConfig, loadAlerterConfig } from './config.ts';
import type { Alerting } from './rules/alerting.ts';
import { type AlertingFiles, loadAlertingFiles } from './rules/alerting-settings.ts';
import { openAlerting } from './rules/open-alerting.ts';

/** Settings of an alerter process, and what the files say that they name. */
interface LoadedAlerter extends AlerterProcessConfig {
  readonly files: AlertingFiles;
}

/** The alerter as a process. It writes nothing but the tables of alerts and health. */
export const alerterService: Service<LoadedAlerter> = {
  name: 'alerter',
  load(sources) {
    const loaded = loadAlerterConfig(sources);
    const files = loadAlertingFiles(loaded.config.alerter, sources.env ?? {});
    const needing = files.channels.filter(({ config }) => config.type === 'signals');
    if (needing.length > 0) {
      const message = 'signals needs an event log, which only standalone has: take another type here';
      throw new ConfigError(needing.map(({ config }) => ({ where: `channel ${config.name}`, path: 'type', message })));
    }
    return { ...loaded, config: { ...loaded.config, files } };
  },
  build,
};

function build(context: ServiceContext<LoadedAlerter>): Part[] {
  const { config, logger, metrics, health, nowUs, waitFor } = context;
  let clickhouse: ClickHouse | undefined;
  let alerter: Alerter | undefined;
  let alerting: Alerting | undefined;

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
    {
      name: 'alerting',
      start() {
        const { alerter: own, files } = config;
        if (clickhouse === undefined) return;
        alerting = openAlerting({ clickhouse, log: null, metrics, logger, config: own, files, nowUs });
        alerting.start();
      },
      stop: () => alerting?.stop(),
    },
  ];
}
