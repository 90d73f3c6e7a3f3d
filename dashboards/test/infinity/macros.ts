import { NotEmulated } from '../not-emulated.ts';
import type { InfinityQuery } from './query.ts';

/** The time range of a request; of a panel with its own time shift, shifted. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The macros that Infinity's backend replaces, also in alert rules (pkg/models/macros.go, infinity-libs macros 1.1.1): `$__combineValues(prefix,suffix,joinBy,values…)`,
 * `$__customInterval(…)`, `${__from}`, `${__timeFrom}`, `${__to}`, `${__timeTo}` with formats. Blanks around the result go.
 */
export function applyMacros(text: string, range: TimeRange): string {
  let result = text;
  result = replaceCalls(result, 'combineValues', combineValues);
  result = replaceCalls(result, 'customInterval', () => {
    throw new NotEmulated('$__customInterval');
  });
  for (const [name, ms] of [
    ['from', range.fromMs],
    ['timeFrom', range.fromMs],
    ['to', range.toMs],
    ['timeTo', range.toMs],
  ] as const) {
    const pattern = new RegExp(`\\\${__${name}:?(.*?)}`, 'g');
    result = result.replace(pattern, (_whole, format: string) => timeText(ms, format)).trim();
  }
  if (/\$\{__(user|org|plugin|ds|qs)\b/.test(result))
    throw new NotEmulated(`a macro of the user or the source: ${result}`);
  return result.replace(/^ +| +$/g, '');
}

/** The texts of a query to which the backend applies macros: not headers, not the root selector, not columns. */
export function applyMacrosTo(query: InfinityQuery, range: TimeRange): InfinityQuery {
  const apply = (text: string) => applyMacros(text, range);
  return {
    ...query,
    url: apply(query.url),
    body: apply(query.body),
    params: query.params.map(({ key, value }) => ({ key, value: apply(value) })),
    computedColumns: query.computedColumns.map((column) => ({ ...column, selector: apply(column.selector) })),
    filterExpression: apply(query.filterExpression),
  };
}

/** A call ends at the first closing bracket, and its arguments at every comma: that is how the plugin reads it. */
function replaceCalls(text: string, name: string, evaluate: (args: string[]) => string): string {
  return text.replace(new RegExp(`\\$__${name}\\b(?:\\((.*?)\\))?`, 'g'), (_whole, args?: string) =>
    evaluate((args ?? '').split(',')),
  );
}

function combineValues(args: string[]): string {
  if (args.length <= 3) throw new Error('insufficient arguments to combineValues macro');
  const [prefix = '', suffix = '', joinBy = '', ...values] = args;
  if (values.length === 1 && values[0] === '*') return '';
  return values.map((value) => `${unescaped(prefix)}${value}${unescaped(suffix)}`).join(unescaped(joinBy));
}

const unescaped = (text: string): string =>
  text.replaceAll('__comma', ',').replaceAll('__space', ' ').replaceAll('__open', '(').replaceAll('__close', ')');

function timeText(ms: number, format: string): string {
  if (format === '') return String(ms);
  if (format === 'date' || format === 'date:iso' || format === 'iso') return isoText(ms);
  if (format === 'date:seconds' || format === 'seconds') return String(Math.floor(ms / 1_000));
  throw new NotEmulated(`the time format ${format} of a macro`);
}

/** Go's layout 2006-01-02T15:04:05.999Z: without the noughts at the end of the fraction. */
const isoText = (ms: number): string => new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');
