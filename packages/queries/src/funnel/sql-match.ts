import { type Filter, filterSubject, numberPattern, type Subject, scalarText } from './filter.ts';
import type { Parameters } from './parameters.ts';
import type { PlannedBreakdown } from './plan.ts';
import { comparisonNumber, patternPrefix } from './step-relations.ts';

/** SQL of a subject's value (text, `''` when missing) and of its presence, at an event. */
export interface SubjectSql {
  readonly value: string;
  readonly present: string;
}

/** Resolves subjects against the columns of the present relation. */
export type SubjectResolver = (subject: Subject) => SubjectSql;

/** Subjects that stand in the event's own row of table `events`. */
export function ownSubject(parameters: Parameters): SubjectResolver {
  return (subject) => {
    if (subject.kind === 'property' || subject.kind === 'trait') {
      const map = subject.kind === 'property' ? 'properties' : 'traits';
      const key = parameters.bind(subject.name, 'String');
      return { value: `${map}[${key}]`, present: `mapContains(${map}, ${key})` };
    }
    return { value: `toString(${subject.kind})`, present: `(${subject.kind} != '')` };
  };
}

/** Whether `touchpoint` matches one of the patterns. */
export function touchpointSql(patterns: readonly string[], parameters: Parameters): string {
  if (patterns.includes('*')) return '1';
  const names = patterns.filter((pattern) => patternPrefix(pattern) === null);
  const prefixes = patterns.flatMap((pattern) => patternPrefix(pattern) ?? []);
  const conditions = prefixes.map((prefix) => `startsWith(touchpoint, ${parameters.bind(prefix, 'String')})`);
  if (names.length > 0) conditions.unshift(`touchpoint IN ${parameters.bind(names, 'Array(String)')}`);
  return conditions.length === 1 ? String(conditions[0]) : `(${conditions.join(' OR ')})`;
}

/** Number of a text column, NULL when it is none. */
export function numberSql(value: string): string {
  return `if(match(${value}, '${numberPattern}'), toFloat64OrNull(${value}), NULL)`;
}

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** One filter as a condition, 0 or 1, never NULL. */
export function filterSql(filter: Filter, resolve: SubjectResolver, parameters: Parameters): string {
  const { value, present } = resolve(filterSubject(filter));
  const text = () => parameters.bind(scalarText(Array.isArray(filter.value) ? '' : (filter.value ?? '')), 'String');
  const texts = () =>
    parameters.bind((Array.isArray(filter.value) ? filter.value : []).map(scalarText), 'Array(String)');
  switch (filter.op) {
    case 'eq':
      return `(${value} = ${text()})`;
    case 'neq':
      return `(${value} != ${text()})`;
    case 'in':
      return `(${value} IN ${texts()})`;
    case 'not_in':
      return `(${value} NOT IN ${texts()})`;
    case 'contains':
      return `(position(${value}, ${text()}) > 0)`;
    case 'not_contains':
      return `(position(${value}, ${text()}) = 0)`;
    case 'set':
      return present;
    case 'not_set':
      return `(NOT ${present})`;
    case 'regex':
      return `match(${value}, ${text()})`;
    default: {
      const number = parameters.bind(comparisonNumber(filter.value), 'Float64');
      return `ifNull(${numberSql(value)} ${comparisons[filter.op]} ${number}, 0)`;
    }
  }
}

/** The label that a breakdown shows for a value. */
export function labelSql(value: string, { bands }: PlannedBreakdown, parameters: Parameters): string {
  if (bands === null) return value;
  const labels = [
    `<${bands[0]}`,
    ...bands.map((bound, i) => (i === bands.length - 1 ? `≥${bound}` : `${bound}–${bands[i + 1]}`)),
  ];
  const bounds = bands.map((bound) => parameters.bind(bound, 'Float64')).join(', ');
  const index = `1 + arrayCount(bound -> bound <= assumeNotNull(${numberSql(value)}), [${bounds}])`;
  return `if(isNull(${numberSql(value)}), '', ${parameters.bind(labels, 'Array(String)')}[${index}])`;
}
