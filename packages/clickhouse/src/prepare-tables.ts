import { canRetry, notThereYet, type ServiceContext } from '@michinori/runtime';
import type { ClickHouse } from './clickhouse.ts';
import { migrate } from './migrate.ts';
import { isAccessRefused, missingMigrations } from './missing-migrations.ts';

/** How a service comes to its tables when it starts. */
export interface PrepareOptions {
  /** `make`: brings the tables to this version. `await`: waits until another process has, because this one may have no right to. */
  readonly tables: 'make' | 'await';
  readonly waitFor: ServiceContext<unknown>['waitFor'];
  readonly signal: AbortSignal;
}

/**
 * Resolves with the migrations that were applied here, when the tables are those of this version. The embedded engine belongs to this process,
 * so it always makes them. A server that isn't there yet is waited for; one that refuses the user, the password or a right is not.
 */
export async function prepareTables(
  clickhouse: ClickHouse,
  { tables, waitFor, signal }: PrepareOptions,
): Promise<readonly string[]> {
  if (clickhouse.kind === 'embedded') return (await migrate(clickhouse)).applied;
  const mayPass = (error: unknown) => canRetry(error) && !isAccessRefused(error);
  const attempt = tables === 'make' ? async () => (await migrate(clickhouse)).applied : () => assertTables(clickhouse);
  return waitFor('ClickHouse', attempt, { signal, mayPass });
}

async function assertTables(clickhouse: ClickHouse): Promise<readonly string[]> {
  const missing = await missingMigrations(clickhouse);
  if (missing.length === 0) return [];
  throw notThereYet(
    `its database ${clickhouse.database} lacks ${missing.length} migrations, the first is ${missing[0]}; the processor applies them when it starts, or "michinori migrate"`,
  );
}
