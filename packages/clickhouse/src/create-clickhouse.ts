import { z } from 'zod';
import type { ClickHouse, QueryOptions } from './clickhouse.ts';
import { clientError } from './error.ts';
import { checkIdentifier, encodeRows } from './insert-format.ts';
import { checkParameters } from './parameters.ts';
import { defaultQueryLimits, defineQuery, type Query, type Statement } from './query.ts';
import { parseRows } from './rows.ts';
import type { Transport } from './transport.ts';

const pingQuery = defineQuery({
  name: 'ping',
  sql: 'SELECT 1 AS one',
  params: z.object({}),
  row: z.object({ one: z.literal(1) }),
  limits: { timeMsMax: 5_000 },
});

const versionQuery = defineQuery({
  name: 'version',
  sql: 'SELECT version() AS version',
  params: z.object({}),
  row: z.object({ version: z.string() }),
});

function parseParameters<P, R>(query: Query<P, R>, params: P): P {
  const parsed = query.params.safeParse(params);
  if (parsed.success) return parsed.data;
  const issues = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw clientError('BAD_PARAMETERS', `query ${query.name}: ${issues}`, parsed.error);
}

/** The port over a transport: checks, encodes and parses what both adapters treat alike. */
export function createClickHouse(transport: Transport): ClickHouse {
  async function read<P, R>(
    query: Query<P, R>,
    params: P,
    options: QueryOptions | undefined,
    lane: 'reader' | 'writer',
  ): Promise<R[]> {
    const parameters = checkParameters(query.name, query.placeholders, parseParameters(query, params));
    const text = await transport.read({
      name: query.name,
      sql: query.sql,
      parameters,
      limits: { ...defaultQueryLimits, ...query.limits, ...options?.limits },
      settings: query.settings ?? {},
      lane,
      signal: options?.signal,
    });
    return parseRows(query.name, query.row, text);
  }

  async function command(statement: Statement, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const parameters = checkParameters(statement.name, statement.placeholders, params);
    const { name, sql, isShardLocal = false } = statement;
    await transport.write({ name, sql, parameters, isShardLocal });
  }

  return {
    kind: transport.kind,
    database: transport.database,
    cluster: transport.cluster,
    query: (query, params, options) => read(query, params, options, 'reader'),
    queryOnWriter: (query, params, options) => read(query, params, options, 'writer'),
    async insert({ table, columns, rows }) {
      checkIdentifier(table);
      for (const column of columns) checkIdentifier(column);
      if (rows.length === 0) return;
      await transport.insert(table, columns, encodeRows(columns, rows));
    },
    command,
    insertSelect: command,
    createDatabase: () => transport.createDatabase(),
    async ping() {
      await read(pingQuery, {}, undefined, 'reader');
    },
    async version() {
      const [row] = await read(versionQuery, {}, undefined, 'reader');
      return row?.version ?? '';
    },
    close: () => transport.close(),
  };
}
