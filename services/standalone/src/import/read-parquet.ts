import type { ParquetReader } from '@michinori/clickhouse';
import { isJsonObject, isUnkept, type JsonValue, readJson } from '@michinori/events';
import { flattenRow } from './map-row.ts';
import type { SourceRow } from './mapping.ts';
import { readLines } from './read-lines.ts';
import type { SourceItem } from './source-item.ts';

/**
 * The rows of a Parquet file. Members of structs and maps are columns with dots; a number that isn't kept exactly is text
 * with its digits; a time without a zone is local.
 *
 * @param onRows told of the number of rows read so far
 */
export async function* readParquetItems(
  reader: ParquetReader,
  onRows: (count: number) => void,
): AsyncGenerator<SourceItem[]> {
  const names = (kind: 'map' | 'local time') =>
    reader.columns.filter((column) => column.kind === kind).map(({ path }) => path.join('.'));
  const localTimes = new Set(names('local time'));
  const columns = reader.columns.map(({ path }) => path.join('.'));
  yield [{ kind: 'columns', columns, open: names('map') }];
  for await (const lines of readLines(reader.lines())) {
    yield lines.map((line): SourceItem => {
      const place = { row: line.line };
      if (line.fault !== undefined) {
        const message = line.fault === 'line_too_long' ? 'a row may have 4 MiB' : 'the row has text that is not UTF-8';
        return { kind: 'unreadable', line: line.line, place, code: line.fault, message, raw: line.raw };
      }
      return recordOf(line.text, line.line, localTimes);
    });
    onRows(lines.at(-1)?.line ?? 0);
  }
}

function recordOf(raw: string, line: number, localTimes: ReadonlySet<string>): SourceItem {
  const place = { row: line };
  const read = readJson(raw);
  const row = read.ok && isJsonObject(read.value) ? flattenRow(read.value) : undefined;
  if (row !== undefined) return { kind: 'record', line, place, row: withoutUnkept(row, localTimes), raw };
  const message = read.ok ? 'two columns have the same name with dots' : read.message;
  return { kind: 'unreadable', line, place, code: read.ok ? 'conflicting_names' : 'invalid_json', message, raw };
}

function withoutUnkept(row: SourceRow, localTimes: ReadonlySet<string>): SourceRow {
  const kept = new Map<string, JsonValue>();
  for (const [name, value] of row) {
    if (isUnkept(value) && value.unkept === 'number_not_exact') kept.set(name, value.text);
    else if (typeof value === 'string' && localTimes.has(name)) kept.set(name, value.replace(/Z$/, ''));
    else kept.set(name, value);
  }
  return kept;
}
