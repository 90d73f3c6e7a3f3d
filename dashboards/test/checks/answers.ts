import type { Asked } from '../infinity/ask.ts';
import { rowsAt } from '../infinity/frame.ts';
import { nothing, readPath } from '../infinity/gjson.ts';
import { parseTime } from '../infinity/parse-time.ts';
import type { InfinityQuery } from '../infinity/query.ts';
import { findOperation, followSelector, type Operation } from '../schema.ts';
import { isDescribed, rowSchema } from './columns.ts';
import type { Problem } from './problem.ts';

/** Whether the values of an answer are what their columns say, and whether a panel of that type can draw the frame. */
export function checkAnswer(
  where: string,
  asked: Asked,
  query: InfinityQuery,
  panelType: string | undefined,
  operations: readonly Operation[],
): Problem[] {
  const problem = (message: string): Problem => ({
    check: 'answers',
    where,
    message: `${message} (${asked.request.method} ${asked.request.url})`,
  });
  // Rows of another kind than asked for are dropped by the query's own filter: nothing of them is shown.
  const isShown = asked.frame.rows > 0 || isDescribed(query);
  const items = isShown ? rowsAt(asked.answer, query) : [];
  const operation = findOperation(operations, query.method, query.url);
  const row =
    operation === undefined || !isDescribed(query) ? undefined : rowSchema(operation.answer, query.rootSelector);
  const columns = query.columns.flatMap(({ selector, type }) => {
    const found = row === undefined || 'missing' in row ? undefined : followSelector(row.schema, selector);
    const isNullable = found === undefined || ('isNullable' in found && found.isNullable);
    const wrong = items.map((item) => readPath(item, selector)).find((value) => !fits(value, type, isNullable));
    return wrong === undefined
      ? []
      : [
          problem(
            `the column ${selector} is called ${type} and holds ${String(wrong === nothing ? 'nothing' : JSON.stringify(wrong))}`,
          ),
        ];
  });
  return [...columns, ...checkFrame(asked, query, panelType).map(problem)];
}

function fits(value: unknown, type: string, isNullable: boolean): boolean {
  if (value === null) return isNullable;
  if (value === nothing) return false;
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'timestamp') return typeof value === 'string' && parseTime(value) !== null;
  return ['string', 'number', 'boolean'].includes(typeof value);
}

const overTime = new Set(['timeseries', 'heatmap', 'state-timeline', 'status-history', 'trend']);

/** What a panel needs of a frame that has rows. */
function checkFrame({ frame }: Asked, { format }: InfinityQuery, panelType: string | undefined): string[] {
  if (frame.rows === 0) return [];
  const types = new Set(frame.fields.map(({ type }) => type));
  const names = frame.fields.filter(({ labels }) => labels === undefined).map(({ name }) => name);
  const needsTime = format === 'timeseries' || panelType === 'timeseries';
  return [
    ...(names.length === new Set(names).size ? [] : ['two fields have the same name']),
    ...(needsTime && !types.has('time') ? ['has no time'] : []),
    ...(needsTime && !types.has('number') ? ['has nothing to draw over time'] : []),
    ...(format === 'timeseries' && types.has('string')
      ? ['is no time series: the times don’t ascend, or one is missing']
      : []),
    ...(panelType !== undefined &&
    overTime.has(panelType) &&
    format === 'timeseries' &&
    !frame.fields.some(({ type, values }) => type === 'number' && values.some((value) => value !== null))
      ? ['every value is null']
      : []),
    ...missingFields(format, names).map((name) => `a node graph needs the field ${name}`),
  ];
}

function missingFields(format: InfinityQuery['format'], names: readonly string[]): string[] {
  const needed = { 'node-graph-nodes': ['id'], 'node-graph-edges': ['id', 'source', 'target'] }[format as string] ?? [];
  return needed.filter((name) => !names.includes(name));
}

/** Edges of a node graph lead from and to nodes that are there. */
export function checkGraph(where: string, frames: readonly { query: InfinityQuery; asked: Asked }[]): Problem[] {
  const values = (format: string, name: string) =>
    frames
      .filter(({ query }) => query.format === format)
      .flatMap(({ asked }) => asked.frame.fields.find((field) => field.name === name)?.values ?? []);
  const nodes = new Set(values('node-graph-nodes', 'id'));
  const ends = [...values('node-graph-edges', 'source'), ...values('node-graph-edges', 'target')];
  return [...new Set(ends)]
    .filter((end) => !nodes.has(end))
    .map((end) => ({ check: 'answers', where, message: `an edge ends at ${String(end)}, which is no node` }));
}
