import { z } from 'zod';
import type { ClickHouse } from './clickhouse.ts';
import { defineQuery } from './query.ts';

/** What the database says was applied. */
export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
}

/** The table `schema_migrations`. */
export interface MigrationJournal {
  create(): Promise<void>;
  read(): Promise<readonly AppliedMigration[]>;
  record(migration: AppliedMigration): Promise<void>;
}

const appliedQuery = defineQuery({
  name: 'applied-migrations',
  sql: 'SELECT DISTINCT name, checksum FROM schema_migrations ORDER BY name',
  params: z.object({}),
  row: z.object({ name: z.string(), checksum: z.string() }),
});

const columns = `(
    name String,
    checksum String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)`;

/** The journal; on a cluster every node keeps a replica of the whole. */
export function createMigrationJournal(clickhouse: ClickHouse, cluster: string | null): MigrationJournal {
  const where = cluster === null ? '' : ` ON CLUSTER ${cluster}`;
  const engine =
    cluster === null
      ? 'ReplacingMergeTree'
      : `ReplicatedReplacingMergeTree('/clickhouse/${clickhouse.database}/schema_migrations', '{shard}-{replica}')`;
  const sql = `CREATE TABLE IF NOT EXISTS schema_migrations${where}\n${columns}\nENGINE = ${engine}\nORDER BY (name, checksum)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

  return {
    create: () => clickhouse.command({ name: 'create schema_migrations', sql, placeholders: [] }),
    read: () => clickhouse.queryOnWriter(appliedQuery, {}),
    record: ({ name, checksum }) =>
      clickhouse.insert({ table: 'schema_migrations', columns: ['name', 'checksum'], rows: [[name, checksum]] }),
  };
}
