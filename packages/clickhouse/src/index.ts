export type { ClickHouse, InsertBatch, QueryOptions } from './clickhouse.ts';
export { type ClickHouseSettings, clickhouseSettings, connectClickHouse } from './connect.ts';
export { connectEmbedded, type EmbeddedOptions } from './embedded.ts';
export { ClickHouseError, type ClickHouseErrorKind } from './error.ts';
export { type ClientCodeName, clientCodes, serverCodes } from './error-codes.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export { loadMigrations, type Migration } from './migration-files.ts';
export { isAccessRefused, missingMigrations } from './missing-migrations.ts';
export { openParquet, type ParquetColumn, type ParquetReader } from './parquet-reader.ts';
export { type ParquetColumnToWrite, writeParquet } from './parquet-writer.ts';
export type { Placeholder } from './placeholders.ts';
export { type PrepareOptions, prepareTables } from './prepare-tables.ts';
export { probeRights } from './probe-rights.ts';
export {
  defaultQueryLimits,
  defineQuery,
  defineStatement,
  type Query,
  type QueryLimits,
  type QuerySettings,
  type Statement,
} from './query.ts';
export { schemaText } from './schema-text.ts';
export { connectServer, type ServerOptions } from './server.ts';
export {
  bigintColumn,
  flagColumn,
  integerColumn,
  integerTextColumn,
  isoFromMicroseconds,
  microsecondsColumn,
  microsecondsFromIso,
  textMapColumn,
} from './values.ts';
