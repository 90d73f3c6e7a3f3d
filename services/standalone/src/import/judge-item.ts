import { isJsonObject, type JsonValue, judge, readJson, type TouchpointEvent, type Verdict } from '@michinori/events';
import { flattenRow, mapRow } from './map-row.ts';
import { assertColumns, type FieldSource, fitMapping, type Mapping, type SourceRow } from './mapping.ts';
import type { SourceFormat } from './open-source.ts';
import type { RejectedRow } from './rejects-file.ts';
import { deriveRowId } from './row-id.ts';
import type { Place, SourceItem } from './source-item.ts';
import { xesNames } from './xes-names.ts';

/** What is wrong with a row before it is an event; from there on the codes of events apply. See docs/errors.md. */
export const rowErrorCodes = ['unreadable_row', 'wrong_column_count', 'line_too_long', 'unreadable_value'] as const;

/** What became of one item of a file; undefined for a header or a blank line. */
export type Judged =
  | { ok: true; item: RowItem; event: TouchpointEvent }
  | { ok: false; line: number; rejected: RejectedRow };

/** What is told about a row whatever comes of it. */
export interface RowItem {
  line: number;
  place?: Place | undefined;
  raw: string;
}

export type JudgeItem = (item: SourceItem, receivedAtUs: number) => Judged | undefined;

const fittedMax = 1_000;

/**
 * Rows → events, by the mapping and then by the same checks as on the wire. A line of JSON is taken as the native form
 * of an event unless the mapping says anything; attributes of XES have the meaning of the standard.
 *
 * @throws `import_column_unknown`, `import_header_invalid` at a header that doesn't fit the mapping
 */
export function createJudge(mapping: Mapping, format?: SourceFormat): JudgeItem {
  const isMapped = mapping.columns.size > 0 || mapping.constants.size > 0;
  const fitted = new Map<string, FieldSource[]>();
  let columns: readonly string[] = [];
  let sources: FieldSource[] = [];

  const fitToRow = (row: SourceRow): FieldSource[] => {
    const names = [...row.keys()];
    const key = JSON.stringify(names);
    const known = fitted.get(key);
    if (known !== undefined) return known;
    if (fitted.size >= fittedMax) fitted.clear();
    const fresh = fitMapping(mapping, names, false, format === 'xes' ? xesNames(names) : undefined);
    fitted.set(key, fresh);
    return fresh;
  };

  const judgeRow = (row: SourceRow, by: FieldSource[], item: RowItem, receivedAtUs: number): Judged => {
    const mapped = mapRow(by, row, mapping.timezone);
    if (!mapped.ok) return refuse(item, 'unreadable_value', mapped.column, mapped.message);
    return judgeEvent(mapped.event, item, mapped.content, receivedAtUs);
  };

  const judgeJson = (item: RowItem, receivedAtUs: number): Judged | undefined => {
    const { raw } = item;
    if (raw.trim() === '') return undefined;
    const read = readJson(raw);
    if (!read.ok) return refuse(item, 'invalid_json', '', read.message.replace('at line 1, column', 'at character'));
    if (!isMapped) return judgeEvent(read.value, item, () => raw, receivedAtUs);
    if (!isJsonObject(read.value)) return refuse(item, 'not_an_object', '', 'a line is an object');
    const row = flattenRow(read.value);
    if (row === undefined) return refuse(item, 'conflicting_names', '', 'two members have the same name with dots');
    return judgeRow(row, fitToRow(row), item, receivedAtUs);
  };

  return (item, receivedAtUs) => {
    switch (item.kind) {
      case 'header':
        columns = item.columns;
        sources = fitMapping(mapping, columns, true);
        return undefined;
      case 'columns':
        assertColumns(mapping, item.columns, item.open);
        return undefined;
      case 'unreadable':
        return refuse(item, item.code, '', item.message);
      case 'cells':
        return judgeRow(toRow(columns, item.cells), sources, item, receivedAtUs);
      case 'record':
        return judgeRow(item.row, fitToRow(item.row), item, receivedAtUs);
      case 'json':
        return judgeJson(item, receivedAtUs);
    }
  };
}

/** A rejected row for the rejects file. */
export function refuse(
  { line, place, raw }: RowItem,
  code: string,
  where: string,
  message: string,
): Extract<Judged, { ok: false }> {
  const rejected = { ...(place ?? { line }), code, where, message, raw: raw.slice(0, 65_536) };
  return { ok: false, line, rejected };
}

function toRow(columns: readonly string[], cells: readonly string[]): SourceRow {
  const row = new Map<string, JsonValue>();
  cells.forEach((cell, index) => {
    if (cell !== '') row.set(columns[index] ?? '', cell);
  });
  return row;
}

function judgeEvent(event: JsonValue, item: RowItem, content: () => string, receivedAtUs: number): Judged {
  const { line, place, raw } = item;
  const seat = place?.trace === undefined ? line : `${place.trace}.${place.event}`;
  const newId = (): string => deriveRowId(seat, content());
  const verdict: Verdict = judge(event, raw, 0, raw.length, line, { receivedAtUs, newId });
  if (verdict.accepted) return { ok: true, item, event: verdict.event };
  const { code, path, message } = verdict.rejected.rejection;
  return refuse(item, code, path, message);
}
