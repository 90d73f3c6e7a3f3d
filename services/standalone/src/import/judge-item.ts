import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  judge,
  readJson,
  type TouchpointEvent,
  type Verdict,
} from '@michinori/events';
import type { SourceItem } from './csv-items.ts';
import { flattenRow, mapRow } from './map-row.ts';
import { type FieldSource, fitMapping, type Mapping, type SourceRow } from './mapping.ts';
import type { RejectedRow } from './rejects-file.ts';
import { deriveRowId } from './row-id.ts';

/** What is wrong with a row before it is an event; from there on the codes of events apply. See docs/errors.md. */
export const rowErrorCodes = ['unreadable_row', 'wrong_column_count', 'line_too_long', 'unreadable_value'] as const;

/** What became of one item of a file; undefined for a header or a blank line. */
export type Judged =
  | { ok: true; line: number; raw: string; event: TouchpointEvent }
  | { ok: false; rejected: RejectedRow };

export type JudgeItem = (item: SourceItem, receivedAtUs: number) => Judged | undefined;

const fittedMax = 1_000;

/**
 * Rows → events, by the mapping and then by the same checks as on the wire. A line of JSON is taken as the native form
 * of an event unless the mapping says anything.
 *
 * @throws `import_column_unknown`, `import_header_invalid` at a header that doesn't fit the mapping
 */
export function createJudge(mapping: Mapping): JudgeItem {
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
    const fresh = fitMapping(mapping, names, false);
    fitted.set(key, fresh);
    return fresh;
  };

  const judgeRow = (row: SourceRow, by: FieldSource[], line: number, raw: string, receivedAtUs: number): Judged => {
    const mapped = mapRow(by, row, mapping.timezone);
    if (!mapped.ok) return refuse(line, 'unreadable_value', mapped.column, mapped.message, raw);
    return judgeEvent(mapped.event, line, raw, mapped.content, receivedAtUs);
  };

  return (item, receivedAtUs) => {
    if (item.kind === 'header') {
      columns = item.columns;
      sources = fitMapping(mapping, columns, true);
      return undefined;
    }
    const { line, raw } = item;
    if (item.kind === 'unreadable') return refuse(line, item.code, '', item.message, raw);
    if (item.kind === 'cells') return judgeRow(toRow(columns, item.cells), sources, line, raw, receivedAtUs);
    if (raw.trim() === '') return undefined;
    const read = readJson(raw);
    if (!read.ok)
      return refuse(line, 'invalid_json', '', read.message.replace('at line 1, column', 'at character'), raw);
    if (!isMapped) return judgeEvent(read.value, line, raw, () => raw, receivedAtUs);
    if (!isJsonObject(read.value)) return refuse(line, 'not_an_object', '', 'a line is an object', raw);
    const row = flattenRow(read.value);
    if (row === undefined)
      return refuse(line, 'conflicting_names', '', 'two members have the same name with dots', raw);
    return judgeRow(row, fitToRow(row), line, raw, receivedAtUs);
  };
}

/** A rejected row for the rejects file. */
export function refuse(
  line: number,
  code: string,
  where: string,
  message: string,
  raw: string,
): { ok: false; rejected: RejectedRow } {
  return { ok: false, rejected: { line, code, where, message, raw: raw.slice(0, 65_536) } };
}

function toRow(columns: readonly string[], cells: readonly string[]): SourceRow {
  const row = new Map<string, JsonValue>();
  cells.forEach((cell, index) => {
    if (cell !== '') row.set(columns[index] ?? '', cell);
  });
  return row;
}

function judgeEvent(
  event: JsonValue | JsonObject,
  line: number,
  raw: string,
  content: () => string,
  receivedAtUs: number,
): Judged {
  const newId = (): string => deriveRowId(line, content());
  const verdict: Verdict = judge(event, raw, 0, raw.length, line, { receivedAtUs, newId });
  if (verdict.accepted) return { ok: true, line, raw, event: verdict.event };
  const { code, path, message } = verdict.rejected.rejection;
  return refuse(line, code, path, message, raw);
}
