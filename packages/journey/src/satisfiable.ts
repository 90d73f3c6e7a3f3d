import { numberOf, valueTexts } from './condition-values.ts';
import type { Condition } from './journey.ts';

/**
 * Whether conditions can hold for one and the same event. `false` is a proof; `true` means that no contradiction was found
 * (of a regular expression nothing is concluded).
 */
export function canHoldTogether(conditions: readonly Condition[]): boolean {
  const bySubject = new Map<string, Condition[]>();
  for (const condition of conditions) {
    const subject = subjectText(condition);
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), condition]);
  }
  return [...bySubject.values()].every((same) => hasValue(same));
}

/** The subject of a condition as text: `property:plan`, `trait:role`, `channel`, `team`, `account`. */
export function subjectText({ property, trait, channel, team }: Condition): string {
  if (property !== undefined) return `property:${property}`;
  if (trait !== undefined) return `trait:${trait}`;
  return channel ? 'channel' : team ? 'team' : 'account';
}

/** A value of a subject: a text, or null when it is missing. */
type Value = string | null;

function hasValue(conditions: readonly Condition[]): boolean {
  if (mayAllHold(conditions, null)) return true;
  const listed = conditions.filter(({ op }) => op === 'eq' || op === 'in').map(valueTexts);
  const [first] = listed;
  if (first !== undefined) return [...first].some((value) => mayAllHold(conditions, value));
  if (conditions.some(({ op }) => op === 'not_set')) return false;
  return !isContainedAndNot(conditions) && hasNumberBetween(conditions);
}

function isContainedAndNot(conditions: readonly Condition[]): boolean {
  const textsOf = (wanted: Condition['op']): string[] =>
    conditions.filter(({ op }) => op === wanted).flatMap((condition) => [...valueTexts(condition)]);
  return textsOf('contains').some((text) => textsOf('not_contains').some((part) => text.includes(part)));
}

/** No value is listed: every text is possible, so only bounds can contradict each other. */
function hasNumberBetween(conditions: readonly Condition[]): boolean {
  let lower = { bound: Number.NEGATIVE_INFINITY, isOpen: false };
  let upper = { bound: Number.POSITIVE_INFINITY, isOpen: false };
  for (const condition of conditions) {
    const { op } = condition;
    const bound = numberOf([...valueTexts(condition)][0] ?? '');
    if (bound === null) continue;
    const isOpen = op === 'gt' || op === 'lt';
    if ((op === 'gt' || op === 'gte') && (bound > lower.bound || (bound === lower.bound && isOpen)))
      lower = { bound, isOpen };
    if ((op === 'lt' || op === 'lte') && (bound < upper.bound || (bound === upper.bound && isOpen)))
      upper = { bound, isOpen };
  }
  return lower.bound < upper.bound || (lower.bound === upper.bound && !lower.isOpen && !upper.isOpen);
}

function mayAllHold(conditions: readonly Condition[], value: Value): boolean {
  return conditions.every((condition) => mayHold(condition, value));
}

function mayHold(condition: Condition, value: Value): boolean {
  const { op } = condition;
  const values = valueTexts(condition);
  const text = value ?? '';
  const [first = ''] = values;
  switch (op) {
    case 'eq':
    case 'in':
      return values.has(text);
    case 'neq':
    case 'not_in':
      return !values.has(text);
    case 'contains':
      return text.includes(first);
    case 'not_contains':
      return !text.includes(first);
    case 'set':
      return value !== null;
    case 'not_set':
      return value === null;
    case 'regex':
      return true;
    default:
      return compare(op, numberOf(text), numberOf(first));
  }
}

function compare(op: 'gt' | 'gte' | 'lt' | 'lte', left: number | null, right: number | null): boolean {
  if (left === null || right === null) return false;
  if (op === 'gt') return left > right;
  if (op === 'gte') return left >= right;
  return op === 'lt' ? left < right : left <= right;
}
