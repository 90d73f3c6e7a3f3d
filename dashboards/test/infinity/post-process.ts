import { NotEmulated } from '../not-emulated.ts';
import { compileExpression, EvaluationError, type Value } from './expression.ts';
import type { Cell, Field, FieldType, Frame } from './frame.ts';
import { longToWide } from './long-to-wide.ts';
import type { InfinityQuery } from './query.ts';

/** Computed columns, filter and series, in the order of the plugin (pkg/infinity/postprocess.go). */
export function postProcess(
  frame: Frame,
  query: Pick<InfinityQuery, 'computedColumns' | 'filterExpression' | 'format'>,
): Frame {
  const computed = query.computedColumns.reduce(addComputed, frame);
  const filtered = keepRows(computed, query.filterExpression);
  return query.format === 'timeseries' ? (longToWide(filtered) ?? filtered) : filtered;
}

/** Names of the fields as expressions know them: as they are, and with everything but letters and digits as `_`. */
function namesOf(frame: Frame, row: number, read: (field: Field, cell: Cell) => Value | undefined): Map<string, Value> {
  const names = new Map<string, Value>([['rowIndex', row]]);
  for (const field of frame.fields) {
    const value = read(field, field.values[row] ?? null);
    if (value === undefined) continue;
    names.set(field.name.trim().toLowerCase().replace(/\W/g, '_'), value);
    names.set(field.name, value);
  }
  return names;
}

const insteadOfNull: Record<Exclude<FieldType, 'time'>, Value> = { number: 0, string: '', boolean: false };

/** Times can't be computed with here. In a computed column null counts as 0, the empty text or false (framesql.GetValue): which is why only columns that are never null may be computed with. */
function addComputed(frame: Frame, column: { selector: string; text: string }): Frame {
  if (column.selector.trim() === '') return frame;
  const evaluate = compileExpression(column.selector);
  const values = Array.from({ length: frame.rows }, (_, row): Cell => {
    const names = namesOf(frame, row, ({ type }, cell) =>
      type === 'time' ? undefined : (cell ?? insteadOfNull[type]),
    );
    try {
      return evaluate(names);
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  });
  const first = values.find((value) => value !== null);
  const type = first === undefined ? 'string' : (typeof first as 'string' | 'number' | 'boolean');
  return { ...frame, fields: [...frame.fields, { name: column.text || column.selector, type, values }] };
}

/** Null stays null here, and times are whole seconds. A row whose expression can't be evaluated is an error of the whole query. */
function keepRows(frame: Frame, expression: string): Frame {
  if (frame.rows === 0 || expression.trim() === '') return frame;
  const evaluate = compileExpression(expression);
  const kept = Array.from({ length: frame.rows }, (_, row) => row).filter((row) => {
    const result = evaluate(
      namesOf(frame, row, (field, cell) =>
        field.type === 'time' ? (cell === null ? 0 : Math.floor(Number(cell) / 1_000)) : cell,
      ),
    );
    if (typeof result !== 'boolean') throw new Error(`filter expression for row ${row} didn't produce binary result`);
    return result;
  });
  if (frame.fields.length !== new Set(frame.fields.map(({ name }) => name)).size)
    throw new NotEmulated('a filter over fields of the same name');
  const fields = frame.fields.map((field) => ({ ...field, values: kept.map((row) => field.values[row] ?? null) }));
  return { ...frame, fields, rows: kept.length };
}
