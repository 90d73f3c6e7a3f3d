import { type Cursor, kindOf, type Members, shapeOf } from './cursor.ts';
import { readTouchpoint } from './identifiers.ts';
import type { ExitRule, Rule } from './journey.ts';
import { journeyLimits } from './limits.ts';
import type { Report } from './problem.ts';
import { conditionSubjects, readConditions } from './read-condition.ts';
import { readDuration, readInteger, readText } from './scalars.ts';

const ruleKeys = ['touchpoint', 'where', 'count', 'within'];

/** An enter rule, or null if anything of it is wrong. */
export function readRule(cursor: Cursor, report: Report): Rule | null {
  const members = shapeOf(cursor, ruleKeys, ['touchpoint'], report);
  return members === null ? null : readMatching(members, ruleKeys, report);
}

/** An exit rule, or null if anything of it is wrong. */
export function readExitRule(cursor: Cursor, report: Report): ExitRule | null {
  const known = [...ruleKeys, 'reason'];
  const members = shapeOf(cursor, known, ['touchpoint'], report);
  if (members === null) return null;
  const rule = readMatching(members, known, report);
  const given = members.get('reason');
  const reason = given === undefined ? null : readReason(given, report);
  return rule === null || reason === undefined ? null : { ...rule, reason };
}

function readMatching(members: Members, known: readonly string[], report: Report): Rule | null {
  const pattern = members.get('touchpoint');
  const touchpoint = pattern === undefined ? null : readTouchpoint(pattern, report);
  const conditions = members.get('where');
  const where = conditions === undefined ? [] : readConditions(conditions, conditionSubjects, report);
  const count = readCount(members, report);
  const isKnown = [...members.keys()].every((name) => known.includes(name));
  return touchpoint === null || where === null || count === undefined || !isKnown ? null : { touchpoint, where, count };
}

/** A count of 1 is none: every fitting event is the first of at least one. Undefined: wrong. */
function readCount(members: Members, report: Report): Rule['count'] | undefined {
  const count = members.get('count');
  const within = members.get('within');
  const withinUs = within === undefined ? null : readDuration(within, report);
  if (count === undefined) {
    if (within === undefined) return null;
    report('within_without_count', within, 'within bounds a count, and there is none');
    return undefined;
  }
  const times = readInteger(count, 1, journeyLimits.countMax, report);
  if (times === null || (within !== undefined && withinUs === null)) return undefined;
  return times === 1 ? null : { times, withinUs };
}

function readReason(cursor: Cursor, report: Report): ExitRule['reason'] | undefined {
  if (kindOf(cursor) !== 'map') {
    const text = readText(cursor, journeyLimits.nameLengthMax, report);
    return text === null ? undefined : { text };
  }
  const members = shapeOf(cursor, ['property'], ['property'], report);
  const given = members?.get('property');
  const property = given === undefined ? null : readText(given, journeyLimits.nameLengthMax, report);
  return property === null || members?.size !== 1 ? undefined : { property };
}
