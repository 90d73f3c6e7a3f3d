import { Session } from 'chdb';
import { classifyEmbeddedError } from './embedded-errors.ts';
import { parameterText, quoteText } from './parameter-text.ts';
import type { Parameters } from './parameters.ts';
import type { QuerySettings } from './query.ts';

/** One connection to the engine in this process. It runs one call at a time; its owner sees to that. */
export interface EmbeddedConnection {
  /** Runs SQL, optionally with bound parameters, and answers its result in the format. */
  run(name: string, sql: string, parameters: Parameters, format: string): Promise<string>;
  insert(table: string, columns: readonly string[], body: string, settings: QuerySettings): Promise<void>;
  close(): void;
}

/** `SET a = 1, b = 'x'`. */
export function setStatement(settings: QuerySettings): string {
  const parts = Object.entries(settings).map(
    ([key, value]) => `${key} = ${typeof value === 'number' ? value : quoteText(value)}`,
  );
  return `SET ${parts.join(', ')}`;
}

// chDB's own binding goes through one chain for the whole process: two bound queries never run at the same time.
// `SET param_x` binds in the same way, belongs to the connection, is allowed with readonly = 1, and runs in parallel.
function withParameters(sql: string, parameters: Parameters): string {
  if (parameters.size === 0) return sql;
  const parts = [...parameters].map(([name, value]) => `param_${name} = ${quoteText(parameterText(value))}`);
  return `SET ${parts.join(', ')}; ${sql}`;
}

/** Opens a connection to the folder. Throws ClickHouseError `FOLDER_NOT_USABLE`. */
export function openEmbeddedConnection(path: string): EmbeddedConnection {
  let session: Session;
  try {
    session = new Session(path);
  } catch (error) {
    throw classifyEmbeddedError(`open ${path}`, error);
  }
  return {
    async run(name, sql, parameters, format) {
      try {
        const result = await session.queryAsync(withParameters(sql, parameters), { format });
        return result.text();
      } catch (error) {
        throw classifyEmbeddedError(name, error);
      }
    },
    async insert(table, columns, body, settings) {
      try {
        const values = Buffer.from(body);
        await session.insert({ table, columns, values, format: 'JSONCompactEachRow', settings: { ...settings } });
      } catch (error) {
        throw classifyEmbeddedError(`insert into ${table}`, error);
      }
    },
    close: () => session.close(),
  };
}
