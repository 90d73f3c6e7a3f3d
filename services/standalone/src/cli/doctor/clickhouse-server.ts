import { join } from 'node:path';
import {
  type ClickHouse,
  connectClickHouse,
  isAccessRefused,
  missingMigrations,
  probeRights,
} from '@michinori/clickhouse';
import type { StandaloneConfig } from '../../config.ts';
import { type Finding, messageOf } from './finding.ts';

const check = 'clickhouse';

/** Whether the server answers and is new enough, lets this user make tables, and has those of this version. */
export async function checkClickHouseServer(config: StandaloneConfig): Promise<Finding[]> {
  try {
    // Asked outside of the product's database, which need not be there yet.
    const version = await withServer(config, 'default', (server) => server.version());
    const { database } = config.clickhouse;
    return [
      judgeClickHouseVersion(version),
      ...(await withServer(config, database, async (server) => [await checkRights(server), await checkTables(server)])),
    ];
  } catch (error) {
    const mend = isAccessRefused(error)
      ? 'mend clickhouse.username and clickhouse.password, or make the user: infra/clickhouse'
      : 'start the server, or mend clickhouse.url';
    return [{ check, state: 'error', detail: messageOf(error), mend }];
  }
}

async function withServer<T>(
  { clickhouse, data }: StandaloneConfig,
  database: string,
  work: (server: ClickHouse) => Promise<T>,
): Promise<T> {
  const server = await connectClickHouse({ ...clickhouse, database }, join(data, 'clickhouse'));
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

/** Whether the version of a server (`26.3.1.12`) is one that everything was tried on. Pure. */
export function judgeClickHouseVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const detail = `server ${version}`;
  if (major > 26 || (major === 26 && minor >= 3)) return { check, state: 'ok', detail };
  return { check, state: 'error', detail, mend: 'install ClickHouse 26.3 or newer' };
}

async function checkRights(clickhouse: ClickHouse): Promise<Finding> {
  try {
    await probeRights(clickhouse);
    return { check: 'rights', state: 'ok', detail: 'this user may make tables' };
  } catch (error) {
    const mend =
      'enough for query-api and alerter; give processor and "michinori migrate" a user who may: infra/clickhouse';
    return { check: 'rights', state: 'warning', detail: `this user may not make tables: ${messageOf(error)}`, mend };
  }
}

async function checkTables(clickhouse: ClickHouse): Promise<Finding> {
  try {
    const missing = await missingMigrations(clickhouse);
    if (missing.length === 0) return { check: 'tables', state: 'ok', detail: 'up to date' };
    const mend = 'michinori migrate, or start the processor';
    return { check: 'tables', state: 'warning', detail: `not applied yet: ${missing.join(', ')}`, mend };
  } catch (error) {
    return {
      check: 'tables',
      state: 'error',
      detail: messageOf(error),
      mend: 'see packages/clickhouse/docs/migrations.md',
    };
  }
}
