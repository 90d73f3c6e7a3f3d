import type { Condition, ConditionOperator, ConditionValue } from './journey.ts';
import { regexProblem } from './regex.ts';

const known = new WeakMap<Condition, ReadonlySet<string>>();

/** The texts of a condition's values, without repetition. */
export function valueTexts(condition: Condition): ReadonlySet<string> {
  const found = known.get(condition);
  if (found !== undefined) return found;
  const { value = [] } = condition;
  const texts = new Set((typeof value === 'object' ? value : [value]).map(valueText));
  known.set(condition, texts);
  return texts;
}

/** The text that a value is stored as: numbers as JavaScript prints them, booleans `true` and `false`. */
export function valueText(value: ConditionValue): string {
  return String(value);
}

const decimal = /^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$/;

/** The number that a text stands for in `gt`, `gte`, `lt`, `lte`, or null when it is none. */
export function numberOf(text: string): number | null {
  const number = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** What is wrong with the value of an operator that takes one value, or null. */
export function valueProblem(op: ConditionOperator, value: ConditionValue): string | null {
  const text = valueText(value);
  if (op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte') {
    return numberOf(text) === null ? `must be a number for ${op}` : null;
  }
  if (op === 'contains' || op === 'not_contains') return text === '' ? `must not be empty for ${op}` : null;
  return op === 'regex' ? regexProblem(text) : null;
}
