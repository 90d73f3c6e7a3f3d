import { Session } from 'chdb';

/** What a request asks of the engine. */
export interface EngineRequest {
  readonly sql: string;
  readonly format: string;
  readonly database: string | null;
  /** Applied to this request alone. */
  readonly settings: ReadonlyMap<string, string>;
  /** Values as they came over the wire, escaped as tab-separated fields. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What came out: bytes, or an exception of ClickHouse. */
export type EngineAnswer =
  | { readonly outcome: 'ok'; readonly bytes: Uint8Array; readonly rowsRead: number; readonly bytesRead: number }
  | { readonly outcome: 'exception'; readonly code: number; readonly message: string };

/** chDB as the engine of a server: one connection per request, so that nothing of one request reaches the next. */
export interface Engine {
  run(request: EngineRequest): Promise<EngineAnswer>;
  close(): void;
}

function quote(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '\\': '\\\\',
    "'": "\\'",
    '\0': '\\0',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
  };
  return `'${text.replace(/[\\'\0\n\r\t]/g, (c) => escapes[c] ?? c)}'`;
}

function exceptionFrom(error: unknown): EngineAnswer {
  const message = error instanceof Error ? error.message : String(error);
  const { clickhouseCode } = error as { clickhouseCode?: unknown };
  return { outcome: 'exception', code: typeof clickhouseCode === 'number' ? clickhouseCode : 1002, message };
}

/** Opens chDB on a folder; several connections of one process may share it, also those of `connectEmbedded`. */
export function openEngine(path: string): Engine {
  const keeper = new Session(path);
  return {
    async run({ sql, format, database, settings, parameters }) {
      const connection = new Session(path);
      try {
        if (database !== null) await connection.queryAsync(`USE \`${database.replaceAll('`', '``')}\``);
        const ordered = [...settings].sort(([a], [b]) => Number(a === 'readonly') - Number(b === 'readonly'));
        for (const sets of [ordered, [...parameters].map(([name, value]) => [`param_${name}`, value] as const)]) {
          if (sets.length === 0) continue;
          await connection.queryAsync(`SET ${sets.map(([key, value]) => `${key} = ${quote(value)}`).join(', ')}`);
        }
        const result = await connection.queryAsync(sql, { format });
        return { outcome: 'ok', bytes: result.bytes(), rowsRead: result.rowsRead, bytesRead: result.bytesRead };
      } catch (error) {
        return exceptionFrom(error);
      } finally {
        connection.close();
      }
    },
    close: () => keeper.close(),
  };
}
