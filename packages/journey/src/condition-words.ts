import type { Condition, ConditionOperator } from './journey.ts';

const signs: Readonly<Record<ConditionOperator, string>> = {
  eq: '=',
  neq: '≠',
  in: 'in',
  not_in: 'not in',
  contains: 'contains',
  not_contains: 'does not contain',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  set: 'is set',
  not_set: 'is not set',
  regex: '~',
};

/** A condition for people: `plan = pro`, `role in ops|admin`, `channel ≠ mail`. */
export function conditionWords({ property, trait, channel, team, op, value }: Condition): string {
  const subject = property ?? trait ?? (channel ? 'channel' : team ? 'team' : 'account');
  const words = value === undefined ? [] : [typeof value === 'object' ? value.join('|') : String(value)];
  return [subject, signs[op], ...words].join(' ');
}
