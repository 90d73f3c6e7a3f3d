import { join } from 'node:path';
import { type ClickHouse, connectClickHouse, prepareTables } from '@michinori/clickhouse';
import {
  assertListenAddress,
  createAccess,
  openKeys,
  type Part,
  type Service,
  type ServiceContext,
} from '@michinori/runtime';
import { createQueryApi, type QueryApi } from './app.ts';
import { loadQueryApiConfig, type QueryApiProcessConfig } from './config.ts';
import { openDefinitionLog } from './definition-log.ts';

/** The query API as a process: it listens at once, and refuses questions with 503 until the tables are there. */
export const queryApiService: Service<QueryApiProcessConfig> = { name: 'query-api', load: loadQueryApiConfig, build };

function build(context: ServiceContext<QueryApiProcessConfig>): Part[] {
  const { config, logger, metrics, health, nowUs, waitFor } = context;
  const { host, port } = config.queryApi;
  const keys = openKeys(config, logger);
  assertListenAddress({ host, activeKeys: keys.activeCount() });
  const definitions = openDefinitionLog(context);
  let clickhouse: ClickHouse | undefined;
  let api: QueryApi | undefined;
  let hasTables = false;

  return [
    {
      name: 'clickhouse',
      startDeadlineMs: 120_000,
      async start() {
        clickhouse = await connectClickHouse(config.clickhouse, join(config.data, 'clickhouse'));
      },
      stop: () => clickhouse?.close(),
    },
    {
      name: 'http server',
      async start() {
        if (clickhouse === undefined) return;
        api = createQueryApi({
          ...{ clickhouse, health, metrics, logger, nowUs },
          ...(definitions === null ? {} : { log: definitions.log }),
          authorize: createAccess({ keys, host }),
          config: config.queryApi,
          isOpen: () => hasTables,
        });
        for (const check of api.checks) health.addCheck(check);
        const url = await api.app.listen({ host, port });
        logger.info({ url, isOpen: keys.isUnused() }, 'listening');
      },
      stop: () => api?.app.close(),
    },
    {
      name: 'tables',
      startDeadlineMs: Number.POSITIVE_INFINITY,
      async start(signal) {
        if (clickhouse === undefined) return;
        await prepareTables(clickhouse, { tables: 'await', waitFor, signal });
        hasTables = true;
      },
    },
    ...(definitions === null ? [] : [definitions.part]),
    { name: 'questions', stop: () => api?.drain() },
  ];
}
