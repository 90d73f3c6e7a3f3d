import type { ClickHouse } from './clickhouse.ts';
import { clusterStatements } from './cluster-ddl.ts';
import { programmingError } from './error.ts';
import { loadMigrations, type Migration } from './migration-files.ts';
import { type AppliedMigration, createMigrationJournal } from './migration-journal.ts';
import { withMigrationLock } from './migration-lock.ts';

/** How to migrate; nothing is needed. */
export interface MigrateOptions {
  /** Cluster to create the tables on; that of the connection by default. */
  readonly cluster?: string;
  /** The shipped migrations by default. */
  readonly migrations?: readonly Migration[];
  /** Called after each applied file. */
  readonly onProgress?: (progress: { name: string; done: number; total: number }) => void;
  /** How long to wait for another process that migrates; 10 minutes by default. */
  readonly lockWaitMsMax?: number;
}

/**
 * What is still to be applied. Throws `MIGRATION_CHANGED` when an applied file has another text now, and
 * `MIGRATION_MISSING` when the database knows one that this code doesn't.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const { name, checksum } of applied) {
    const expected = known.get(name);
    if (expected === undefined) {
      throw programmingError(
        'MIGRATION_MISSING',
        `the database has ${name}, which this version does not know: a newer version migrated it`,
      );
    }
    if (expected !== checksum) {
      throw programmingError(
        'MIGRATION_CHANGED',
        `migration ${name} was changed after it was applied: put the old text back and add a new file`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

/**
 * Brings the database up to the newest migration and answers the names that were applied by this call. Safe to call
 * from any number of processes at once, and to call again after a kill at any point.
 */
export async function migrate(clickhouse: ClickHouse, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const cluster = options.cluster ?? clickhouse.cluster;
  const migrations = options.migrations ?? (await loadMigrations());
  await clickhouse.createDatabase();
  const journal = createMigrationJournal(clickhouse, cluster);
  await journal.create();
  if (pendingMigrations(migrations, await journal.read()).length === 0) return { applied: [] };

  return withMigrationLock(clickhouse, { cluster, waitMsMax: options.lockWaitMsMax ?? 600_000 }, async () => {
    const pending = pendingMigrations(migrations, await journal.read());
    const applied: string[] = [];
    for (const migration of pending) {
      for (const sql of migrationStatements(migration, cluster, clickhouse.database)) {
        await clickhouse.command({ name: `migration ${migration.name}`, sql, placeholders: [] });
      }
      await journal.record(migration);
      applied.push(migration.name);
      options.onProgress?.({ name: migration.name, done: applied.length, total: pending.length });
    }
    return { applied };
  });
}

/** The statements that a migration runs, with or without a cluster. */
export function migrationStatements(migration: Migration, cluster: string | null, database: string): readonly string[] {
  if (cluster === null) return migration.statements;
  return migration.statements.flatMap((statement) => clusterStatements(statement, cluster, database));
}
