import type { ClickHouse } from './clickhouse.ts';
import { ClickHouseError } from './error.ts';
import { pendingMigrations } from './migrate.ts';
import { loadMigrations } from './migration-files.ts';
import { type AppliedMigration, createMigrationJournal } from './migration-journal.ts';

const unknownTable = 60;
const unknownDatabase = 81;

/**
 * Names of the migrations that this code has and the database hasn't; writes nothing, so a user who may only read can ask. All of them
 * where there is no database yet. Throws like `migrate` when the database is newer than this code, or a file was changed.
 */
export async function missingMigrations(clickhouse: ClickHouse): Promise<string[]> {
  const applied = await readApplied(clickhouse);
  return pendingMigrations(await loadMigrations(), applied).map(({ name }) => name);
}

async function readApplied(clickhouse: ClickHouse): Promise<readonly AppliedMigration[]> {
  try {
    return await createMigrationJournal(clickhouse, clickhouse.cluster).read();
  } catch (error) {
    if (error instanceof ClickHouseError && [unknownTable, unknownDatabase].includes(error.code)) return [];
    throw error;
  }
}

const refusals = new Set([
  'UNKNOWN_USER',
  'WRONG_PASSWORD',
  'REQUIRED_PASSWORD',
  'AUTHENTICATION_FAILED',
  'ACCESS_DENIED',
]);

/**
 * Whether the server refused the user, the password or a right. A running process waits until that is mended; a starting one had better say
 * so and end.
 */
export function isAccessRefused(error: unknown): error is ClickHouseError {
  return error instanceof ClickHouseError && refusals.has(error.codeName);
}
