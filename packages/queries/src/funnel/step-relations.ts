import { asNumber, type Filter, filterSubject, scalarText } from './filter.ts';

/** What an event has to be for a step or an exclusion. */
export interface Matcher {
  readonly patterns: readonly string[];
  readonly where: readonly Filter[];
}

/** Prefix of a pattern that ends in `*`, or null for an exact name. */
export function patternPrefix(pattern: string): string | null {
  return pattern.endsWith('*') ? pattern.slice(0, -1) : null;
}

function patternsMeet(a: string, b: string): boolean {
  const prefixA = patternPrefix(a);
  const prefixB = patternPrefix(b);
  if (prefixA === null) return prefixB === null ? a === b : a.startsWith(prefixB);
  return prefixB === null ? b.startsWith(prefixA) : prefixA.startsWith(prefixB) || prefixB.startsWith(prefixA);
}

function allowedTexts({ op, value }: Filter): readonly string[] | null {
  if (value === undefined || (op !== 'eq' && op !== 'in')) return null;
  return Array.isArray(value) ? value.map(scalarText) : [scalarText(value)];
}

function filtersExclude(a: Filter, b: Filter): boolean {
  if (JSON.stringify(filterSubject(a)) !== JSON.stringify(filterSubject(b))) return false;
  const textsA = allowedTexts(a);
  const textsB = allowedTexts(b);
  return textsA !== null && textsB !== null && !textsA.some((text) => textsB.includes(text));
}

/** Whether it is certain that no event can match both. */
export function areDisjoint(a: Matcher, b: Matcher): boolean {
  if (!a.patterns.some((x) => b.patterns.some((y) => patternsMeet(x, y)))) return true;
  return a.where.some((x) => b.where.some((y) => filtersExclude(x, y)));
}

/** Whether it is certain that both match the same events. */
export function areIdentical(a: Matcher, b: Matcher): boolean {
  const text = ({ patterns, where }: Matcher) =>
    JSON.stringify([[...patterns].sort(), where.map((filter) => JSON.stringify(filter)).sort()]);
  return text(a) === text(b);
}

/**
 * Number of the class of each step when every two steps are identical or disjoint; null when two may overlap.
 * Classes are numbered by first appearance.
 */
export function stepClasses(steps: readonly Matcher[]): readonly number[] | null {
  const representatives: Matcher[] = [];
  const classes: number[] = [];
  for (const step of steps) {
    const known = representatives.findIndex((other) => areIdentical(step, other));
    if (known < 0 && !representatives.every((other) => areDisjoint(step, other))) return null;
    classes.push(known < 0 ? representatives.push(step) - 1 : known);
  }
  return classes;
}

/** Whether identical steps stand side by side, e.g. A A B but not A B A. */
export function areContiguous(classes: readonly number[]): boolean {
  return classes.every((number, i) => i === 0 || number >= Number(classes[i - 1]));
}

/** The number of a filter value, for comparisons; the request was checked, so it is one. */
export function comparisonNumber(value: Filter['value']): number {
  return asNumber(scalarText(Array.isArray(value) ? '' : (value ?? ''))) ?? 0;
}
