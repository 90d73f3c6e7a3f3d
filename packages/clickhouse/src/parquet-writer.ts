import { classifyEmbeddedError } from './embedded-errors.ts';
import { openEngineFile } from './engine-file.ts';

/** Types of the columns of a Parquet file; all but `time` may be null. */
const columnTypes = {
  text: 'Nullable(String)',
  time: "DateTime64(6, 'UTC')",
  'optional time': "Nullable(DateTime64(6, 'UTC'))",
  integer: 'Nullable(Int64)',
  number: 'Nullable(Float64)',
  decimal: 'Nullable(Decimal(38, 9))',
} as const;

export interface ParquetColumnToWrite {
  readonly name: string;
  readonly type: keyof typeof columnTypes;
}

const rowGroupRows = 50_000;

/**
 * Writes rows as a Parquet file with the embedded engine, a row group of 50 000 rows at a time.
 *
 * @param options.from file with the rows as lines of JSON: an object each, times as ISO 8601, decimals as text; a column that is missing is null
 * @param options.to file that is overwritten
 * @throws ClickHouseError, also where this process has a data folder open
 */
export async function writeParquet(options: {
  readonly from: string;
  readonly to: string;
  readonly columns: readonly ParquetColumnToWrite[];
}): Promise<void> {
  const { from, to, columns } = options;
  const structure = columns.map(({ name, type }) => `${quoteName(name)} ${columnTypes[type]}`).join(', ');
  const source = await openEngineFile(from, undefined);
  const target = await source.link(to);
  try {
    // Names of columns are bound like values: they come from data.
    const sql = `INSERT INTO FUNCTION file({target:String}, 'Parquet', {structure:String})
SELECT * FROM file({source:String}, 'JSONEachRow', {structure:String})
SETTINGS engine_file_truncate_on_insert = 1, output_format_parquet_row_group_size = ${rowGroupRows}, date_time_input_format = 'best_effort',
  input_format_skip_unknown_fields = 0, max_threads = 1, max_insert_threads = 1, max_parsing_threads = 1, input_format_parallel_parsing = 0,
  output_format_parallel_formatting = 0, max_block_size = ${rowGroupRows / 10}, min_insert_block_size_rows = ${rowGroupRows}, min_insert_block_size_bytes = 0`;
    await source.session.queryBindAsync(sql, { source: source.path, target, structure }, { format: 'Null' });
  } catch (error) {
    throw classifyEmbeddedError(`write ${to}`, error);
  } finally {
    await source.close();
  }
}

function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}
