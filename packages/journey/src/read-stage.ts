import { type Cursor, elementsOf, isMisspelt, type Members, oneOrMore, shapeOf } from './cursor.ts';
import { readId, readTouchpoint } from './identifiers.ts';
import type { Rule, Stage } from './journey.ts';
import { journeyLimits } from './limits.ts';
import type { Places } from './places.ts';
import type { Report } from './problem.ts';
import { readGoals } from './read-goal.ts';
import { readHealthRules } from './read-health.ts';
import { readRule } from './read-rule.ts';
import { readTitle } from './read-title.ts';
import { readBoolean, readDuration, readInteger } from './scalars.ts';

export const stageKeys = [
  'id',
  'title',
  'enter',
  'touchpoints',
  'expected',
  'lost_after',
  'horizon',
  'goal',
  'terminal',
  'effort',
  'health',
] as const;

export const horizonUsDefault = 30 * 86_400_000_000;
export const effortDefault = 3;

/** A stage with what could be read of it; null if it is no map. Faults are reported, rules with faults left out. */
export function readStage(cursor: Cursor, places: Places, report: Report): Stage | null {
  const members = shapeOf(cursor, stageKeys, ['id'], report);
  if (members === null) return null;
  const id = members.get('id');
  const effort = members.get('effort');
  const terminal = members.get('terminal');
  const health = members.get('health');
  const duration = (name: 'expected' | 'lost_after' | 'horizon'): number | null => {
    const given = members.get(name);
    return given === undefined ? null : readDuration(given, report);
  };
  const stage: Stage = {
    id: (id === undefined ? null : readId(id, report)) ?? '',
    title: readTitle(members.get('title'), report),
    enter: readEnter(members, cursor, places, report),
    touchpoints: readTouchpoints(members.get('touchpoints'), report),
    expectedUs: duration('expected'),
    lostAfterUs: duration('lost_after'),
    horizonUs: duration('horizon') ?? horizonUsDefault,
    goals: readGoals(members.get('goal'), report),
    terminal: terminal === undefined ? false : (readBoolean(terminal, report) ?? false),
    effort: (effort === undefined ? null : readInteger(effort, 1, 5, report)) ?? effortDefault,
    ...(health === undefined ? {} : { health: readHealthRules(health, places, report) }),
  };
  places.set(stage, cursor, members);
  return stage;
}

function readEnter(members: Members, stage: Cursor, places: Places, report: Report): Rule[] {
  const cursor = members.get('enter');
  if (cursor === undefined) {
    if (isMisspelt('enter', members, stageKeys)) return [];
    report(
      'stage_without_rule',
      { key: `${stage.key}.enter`, offset: stage.offset },
      'nobody can enter this stage: it has no enter rule',
    );
    return [];
  }
  const given = oneOrMore(cursor, 'a rule or a list of rules', journeyLimits.rulesMax, report);
  if (given?.length === 0) report('stage_without_rule', cursor, 'nobody can enter this stage: it has no enter rule');
  return (given ?? []).flatMap((each) => {
    const rule = readRule(each, report);
    if (rule === null) return [];
    places.set(rule, each);
    return [rule];
  });
}

function readTouchpoints(cursor: Cursor | undefined, report: Report): string[] {
  if (cursor === undefined) return [];
  const given = elementsOf(cursor, 'a list of touchpoints', journeyLimits.touchpointsMax, report) ?? [];
  const touchpoints = given.map((each) => readTouchpoint(each, report));
  for (const [index, touchpoint] of touchpoints.entries()) {
    const at = given[index];
    if (at && touchpoint !== null && touchpoints.indexOf(touchpoint) < index)
      report('duplicate_value', at, `${JSON.stringify(touchpoint)} stands twice`);
  }
  return touchpoints.filter((touchpoint) => touchpoint !== null);
}
