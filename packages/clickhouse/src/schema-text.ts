import { z } from 'zod';
import type { ClickHouse } from './clickhouse.ts';
import { defineQuery } from './query.ts';

const createStatements = defineQuery({
  name: 'schema',
  sql: `SELECT name, formatQuery(create_table_query) AS sql FROM system.tables
WHERE database = currentDatabase() AND name NOT LIKE 'schema_migrations%' ORDER BY name`,
  params: z.object({}),
  row: z.object({ name: z.string(), sql: z.string() }),
});

/** The tables of a migrated database as SQL text, in the order of their names; the committed `schema.sql`. */
export async function schemaText(clickhouse: ClickHouse): Promise<string> {
  const rows = await clickhouse.query(createStatements, {});
  const statements = rows.map(({ sql }) => `${sql.replaceAll(`${clickhouse.database}.`, '')};\n`);
  return ['-- Generated from the migrations. Do not edit: a test compares.\n', ...statements].join('\n');
}
