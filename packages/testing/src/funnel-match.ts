import type { Moment } from './funnel-timeline.ts';

export interface Subject {
  readonly kind: 'property' | 'trait' | 'channel' | 'team' | 'account';
  readonly name: string;
}

/** `property:x`, `trait:x`, `channel`, `team` or `account`. */
export function subjectOf(text: string): Subject {
  const [kind, ...name] = text.split(':');
  switch (kind) {
    case 'property':
    case 'trait':
      return { kind, name: name.join(':') };
    case 'channel':
    case 'team':
    case 'account':
      return { kind, name: '' };
    default:
      throw new Error(`not a subject: ${text}`);
  }
}

export interface SubjectValue {
  readonly value: string;
  readonly present: boolean;
}

/** The value of a subject at a moment; a missing one is '' and not present. */
export function valueAt(moment: Moment, { kind, name }: Subject): SubjectValue {
  if (kind === 'property' || kind === 'trait') {
    const value = (kind === 'property' ? moment.properties : moment.traits).get(name);
    return { value: value ?? '', present: value !== undefined };
  }
  return { value: moment[kind], present: moment[kind] !== '' };
}

const NUMBER = /^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$/;

export function numberOf(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

export type Operator =
  | ('eq' | 'neq' | 'in' | 'not_in' | 'contains' | 'not_contains')
  | ('gt' | 'gte' | 'lt' | 'lte' | 'set' | 'not_set' | 'regex');

/** A filter with its given values as texts: none for set and not_set, several for in and not_in. */
export interface Condition {
  readonly subject: Subject;
  readonly op: Operator;
  readonly given: readonly string[];
}

function compares(value: string, given: string, holds: (x: number, y: number) => boolean): boolean {
  const [x, y] = [numberOf(value), numberOf(given)];
  return x !== null && y !== null && holds(x, y);
}

export function conditionHolds(moment: Moment, { subject, op, given }: Condition): boolean {
  const { value, present } = valueAt(moment, subject);
  const first = given[0] ?? '';
  switch (op) {
    case 'eq':
    case 'in':
      return given.includes(value);
    case 'neq':
    case 'not_in':
      return !given.includes(value);
    case 'contains':
      return value.includes(first);
    case 'not_contains':
      return !value.includes(first);
    case 'gt':
      return compares(value, first, (x, y) => x > y);
    case 'gte':
      return compares(value, first, (x, y) => x >= y);
    case 'lt':
      return compares(value, first, (x, y) => x < y);
    case 'lte':
      return compares(value, first, (x, y) => x <= y);
    case 'set':
      return present;
    case 'not_set':
      return !present;
    case 'regex':
      return new RegExp(first, 'su').test(value);
  }
}

/** `name`, `prefix*` or `*`. */
export function touchpointMatches(touchpoint: string, pattern: string): boolean {
  return pattern.endsWith('*') ? touchpoint.startsWith(pattern.slice(0, -1)) : touchpoint === pattern;
}

/** The label of a value in a banded breakdown, e.g. `<10`, `10–20`, `≥20`; '' for what is no number. */
export function bandLabel(value: string, bands: readonly number[]): string {
  const x = numberOf(value);
  if (x === null) return '';
  const below = bands.filter((bound) => bound <= x).length;
  const [lower, upper] = [bands[below - 1], bands[below]];
  if (lower === undefined) return `<${upper}`;
  return upper === undefined ? `≥${lower}` : `${lower}–${upper}`;
}
