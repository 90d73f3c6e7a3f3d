import { z } from 'zod';
import { setStatement } from './embedded-connection.ts';
import { classifyEmbeddedError } from './embedded-errors.ts';
import { type EngineFile, openEngineFile } from './engine-file.ts';
import type { QuerySettings } from './query.ts';
import { membersOf, type TypeMember } from './type-members.ts';

/** A Parquet file, opened for one pass from the first row to the last. */
export interface ParquetReader {
  readonly rowCount: number;
  /** The columns; of structs their members. */
  readonly columns: readonly ParquetColumn[];
  /**
   * The rows as lines of JSON (an object each), in the order of the file, at most some thousand at a time. Decimals are exact text without
   * zeros at their end, 64-bit integers are numbers digit by digit, times ISO 8601, NaN and infinity null.
   */
  lines(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export interface ParquetColumn {
  readonly path: readonly string[];
  /** `map`: its names differ from row to row. `local time`: a time without a zone, written as if it were UTC. */
  readonly kind: 'map' | 'local time' | 'other';
}

const blockRows = 2_000;

const readerSettings: QuerySettings = {
  session_timezone: 'UTC',
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_decimals: 1,
  output_format_decimal_trailing_zeros: 0,
  output_format_json_quote_denormals: 0,
  output_format_json_escape_forward_slashes: 0,
  input_format_parquet_local_time_as_utc: 0,
  input_format_parquet_preserve_order: 1,
  input_format_parquet_max_block_size: blockRows,
  max_block_size: blockRows,
  max_threads: 1,
  max_parsing_threads: 1,
};

const countRow = z.object({ rowCount: z.number() });
const columnRow = z.object({ name: z.string(), type: z.string() });

/**
 * Opens a local Parquet file with the embedded engine, which holds no more of it at once than the row groups that it is reading.
 *
 * @param options.folder data folder that this process has open already; without it the engine gets one of its own for the time
 * @throws ClickHouseError when the file can't be read
 */
export async function openParquet(path: string, options: { folder?: string | undefined } = {}): Promise<ParquetReader> {
  const file = await openEngineFile(path, options.folder);
  try {
    await file.session.queryAsync(setStatement(readerSettings), { format: 'Null' });
    const counted = await ask(
      file,
      countRow,
      "SELECT num_rows AS rowCount FROM file({path:String}, 'ParquetMetadata')",
    );
    const described = await ask(file, columnRow, "DESCRIBE TABLE file({path:String}, 'Parquet')");
    return {
      rowCount: counted[0]?.rowCount ?? 0,
      columns: described.flatMap(({ name, type }) => membersOf(name, type)).map(columnOf),
      lines: () => readLines(path, file),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw classifyEmbeddedError(`read ${path}`, error);
  }
}

async function* readLines(name: string, { session, path }: EngineFile): AsyncGenerator<Uint8Array> {
  try {
    const sql = "SELECT * FROM file({path:String}, 'Parquet')";
    for await (const chunk of session.queryStreamBind(sql, { path }, { format: 'JSONEachRow' })) yield chunk.raw();
  } catch (error) {
    throw classifyEmbeddedError(`read ${name}`, error);
  }
}

async function ask<T>({ session, path }: EngineFile, row: z.ZodType<T>, sql: string): Promise<T[]> {
  const answer = await session.queryBindAsync(sql, { path }, { format: 'JSONEachRow' });
  const lines = answer.text().split('\n');
  return lines.filter((line) => line !== '').map((line) => row.parse(JSON.parse(line)));
}

function columnOf({ path, type }: TypeMember): ParquetColumn {
  if (type.startsWith('Map(')) return { path, kind: 'map' };
  const isLocal = /^(?:Nullable\()?DateTime64\(\d+\)\)?$/.test(type);
  return { path, kind: isLocal ? 'local time' : 'other' };
}
