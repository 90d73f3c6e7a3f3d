import { valueProblem } from './condition-values.ts';
import { type Cursor, elementsOf, kindOf, type Members, membersOf, oneOrMore, reportUnknownKey } from './cursor.ts';
import type { Condition, ConditionOperator, ConditionValue } from './journey.ts';
import { journeyLimits } from './limits.ts';
import { nearestWord } from './nearest-word.ts';
import type { Report } from './problem.ts';
import { readBoolean, readConditionValue, readText } from './scalars.ts';

/** In the order of the documentation; the same as those of a funnel's filters. */
export const conditionOperators = [
  'eq',
  'neq',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'gt',
  'gte',
  'lt',
  'lte',
  'set',
  'not_set',
  'regex',
] as const satisfies readonly ConditionOperator[];

export const conditionSubjects = ['property', 'trait', 'channel', 'team', 'account'] as const;
type SubjectKey = (typeof conditionSubjects)[number];
type Subject = Pick<Condition, SubjectKey>;

const otherNames: Readonly<Record<string, ConditionOperator>> = {
  equals: 'eq',
  is: 'eq',
  '=': 'eq',
  '==': 'eq',
  not: 'neq',
  ne: 'neq',
  '!=': 'neq',
  one_of: 'in',
  any_of: 'in',
  none_of: 'not_in',
  nin: 'not_in',
  like: 'contains',
  '>': 'gt',
  '>=': 'gte',
  ge: 'gte',
  min: 'gte',
  '<': 'lt',
  '<=': 'lte',
  le: 'lte',
  max: 'lte',
  exists: 'set',
  missing: 'not_set',
  matches: 'regex',
  pattern: 'regex',
};

/** One condition or a list of them; null if any of them is wrong. `subjects`: those allowed here. */
export function readConditions(cursor: Cursor, subjects: readonly SubjectKey[], report: Report): Condition[] | null {
  const given = oneOrMore(cursor, 'a condition or a list of conditions', journeyLimits.conditionsMax, report);
  const conditions = given?.map((each) => readCondition(each, subjects, report)) ?? [];
  const whole = conditions.filter((condition) => condition !== null);
  return given !== null && whole.length === given.length ? whole : null;
}

function readCondition(cursor: Cursor, subjects: readonly SubjectKey[], report: Report): Condition | null {
  const members = membersOf(cursor, 'a condition such as { property: plan, eq: pro }', report);
  if (members === null) return null;
  if (!reportUnknown(members, subjects, report)) return null;
  const named = subjects.filter((subject) => members.has(subject));
  const [name, ...further] = named;
  if (name === undefined || further.length > 0) {
    report(
      'condition_subject',
      cursor,
      `a condition names exactly one of ${subjects.join(', ')}, not ${named.length === 0 ? 'none' : named.join(' and ')}`,
    );
    return null;
  }
  const subject = members.get(name);
  const operators = conditionOperators.filter((op) => members.has(op));
  if (subject === undefined) return null;
  if (name === 'property' || name === 'trait') return readNamed(cursor, members, name, subject, operators, report);
  return readOwn(cursor, members, name, subject, operators, report);
}

function readNamed(
  cursor: Cursor,
  members: Members,
  kind: 'property' | 'trait',
  name: Cursor,
  operators: readonly ConditionOperator[],
  report: Report,
): Condition | null {
  const text = readText(name, journeyLimits.nameLengthMax, report);
  const comparison = readOperator(cursor, members, operators, report);
  return text === null || comparison === null
    ? null
    : { ...(kind === 'property' ? { property: text } : { trait: text }), ...comparison };
}

/** Channel, team, account: with the values themselves (`channel: mail`), or `channel: true` and an operator. */
function readOwn(
  cursor: Cursor,
  members: Members,
  name: 'channel' | 'team' | 'account',
  given: Cursor,
  operators: readonly ConditionOperator[],
  report: Report,
): Condition | null {
  const subject: Subject =
    name === 'channel' ? { channel: true } : name === 'team' ? { team: true } : { account: true };
  const isBare = kindOf(given) === 'boolean';
  if (isBare && readBoolean(given, report) === true) {
    const comparison = readOperator(cursor, members, operators, report);
    return comparison === null ? null : { ...subject, ...comparison };
  }
  if (isBare || operators.length > 0) {
    report('condition_operator', given, `write ${name}: true with an operator, or ${name}: VALUE without one`);
    return null;
  }
  if (kindOf(given) === 'list') {
    const values = readValues(given, report);
    return values === null ? null : { ...subject, op: 'in', value: values };
  }
  const value = readConditionValue(given, report);
  return value === null ? null : { ...subject, op: 'eq', value };
}

function readOperator(
  cursor: Cursor,
  members: Members,
  operators: readonly ConditionOperator[],
  report: Report,
): Pick<Condition, 'op' | 'value'> | null {
  const [op, ...further] = operators;
  const given = op === undefined ? undefined : members.get(op);
  if (op === undefined || given === undefined || further.length > 0) {
    const message =
      op === undefined
        ? `a condition needs an operator: one of ${conditionOperators.join(', ')}`
        : `a condition has one operator, not ${operators.join(' and ')}: write a list of conditions`;
    report('condition_operator', cursor, message);
    return null;
  }
  if (op === 'set' || op === 'not_set') {
    const truth = readBoolean(given, report);
    return truth === null ? null : { op: truth === (op === 'set') ? 'set' : 'not_set' };
  }
  if (op === 'in' || op === 'not_in') {
    const values = readValues(given, report);
    return values === null ? null : { op, value: values };
  }
  if (kindOf(given) === 'list') {
    report('condition_value', given, `${op} takes one value; a list goes with in or not_in`);
    return null;
  }
  const value = readConditionValue(given, report);
  const problem = value === null ? null : valueProblem(op, value);
  if (problem !== null) report(op === 'regex' ? 'invalid_regex' : 'condition_value', given, problem);
  return value === null || problem !== null ? null : { op, value };
}

function readValues(cursor: Cursor, report: Report): ConditionValue[] | null {
  const elements = elementsOf(cursor, 'a list of values', journeyLimits.conditionValuesMax, report);
  if (elements?.length === 0) report('empty_list', cursor, 'a list of values must not be empty');
  const values = elements?.map((element) => readConditionValue(element, report)) ?? [];
  const whole = values.filter((value) => value !== null);
  return whole.length > 0 && whole.length === elements?.length ? whole : null;
}

function reportUnknown(members: Members, subjects: readonly SubjectKey[], report: Report): boolean {
  let areKnown = true;
  for (const [name, { key, nameOffset }] of members) {
    const at = { key, offset: nameOffset };
    if (subjects.some((subject) => subject === name) || conditionOperators.some((op) => op === name)) continue;
    areKnown = false;
    const nearSubject = nearestWord(name, subjects);
    if (conditionSubjects.some((subject) => subject === name))
      report('condition_subject', at, `conditions here look at ${subjects.join(', ')} only`);
    else if (nearSubject !== null) reportUnknownKey(name, at, subjects, report);
    else
      report(
        'unknown_operator',
        at,
        `there is no operator ${JSON.stringify(name.slice(0, 60))}, only ${conditionOperators.join(', ')}`,
        otherNames[name.toLowerCase()] ?? nearestWord(name, conditionOperators),
      );
  }
  return areKnown;
}
