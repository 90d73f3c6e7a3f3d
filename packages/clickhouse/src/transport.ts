import type { Parameters } from './parameters.ts';
import type { QueryLimits, QuerySettings } from './query.ts';

/** One read, ready to be sent. */
export interface Read {
  readonly name: string;
  readonly sql: string;
  readonly parameters: Parameters;
  readonly limits: QueryLimits;
  readonly settings: QuerySettings;
  readonly lane: 'reader' | 'writer';
  readonly signal: AbortSignal | undefined;
}

/** One write, ready to be sent. */
export interface Write {
  readonly name: string;
  readonly sql: string;
  readonly parameters: Parameters;
  readonly isShardLocal: boolean;
}

/** What an adapter has to be able to do; everything else is common to both. */
export interface Transport {
  readonly kind: 'embedded' | 'server';
  readonly database: string;
  readonly cluster: string | null;
  /** Answers the text of a JSON array of row objects. */
  read(read: Read): Promise<string>;
  write(write: Write): Promise<void>;
  /** `body` is JSONCompactEachRow in the order of `columns`. Resolves when the rows are durable and visible. */
  insert(table: string, columns: readonly string[], body: string): Promise<void>;
  createDatabase(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Settings of every read, equal in both adapters: 64-bit integers and decimals as text (a JS number can't hold them),
 * times as ISO 8601, NaN and infinity as null, time zone UTC.
 */
export const readSettings: QuerySettings = {
  session_timezone: 'UTC',
  output_format_json_array_of_rows: 1,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 0,
  output_format_json_escape_forward_slashes: 0,
  date_time_output_format: 'iso',
  max_query_size: 64 * 1024 * 1024,
};

/**
 * Settings of every write: synchronous, strict about nulls, time zone UTC. A block may span any number of partitions, so
 * that `TOO_MANY_PARTS` only ever means that inserts outrun merges: trouble that passes, not bad rows.
 */
export const writeSettings: QuerySettings = {
  session_timezone: 'UTC',
  async_insert: 0,
  insert_deduplicate: 0,
  input_format_null_as_default: 0,
  input_format_skip_unknown_fields: 0,
  max_partitions_per_insert_block: 0,
  max_query_size: 64 * 1024 * 1024,
};

/** Limits as engine settings. Exceeding one throws; nothing is silently cut off. */
export function limitSettings(limits: QueryLimits): QuerySettings {
  return {
    max_execution_time: limits.timeMsMax / 1000,
    timeout_overflow_mode: 'throw',
    max_memory_usage: limits.memoryBytesMax,
    max_rows_to_read: limits.rowsReadMax,
    read_overflow_mode: 'throw',
    max_result_rows: limits.resultRowsMax,
    result_overflow_mode: 'throw',
  };
}
