import { type Cursor, elementsOf, kindOf, type Members, oneOrMore, shapeOf } from './cursor.ts';
import { type Health, type HealthRule, type HealthThresholds, healthDefault } from './health.ts';
import { readTouchpoint } from './identifiers.ts';
import { journeyLimits } from './limits.ts';
import type { Places } from './places.ts';
import type { Report } from './problem.ts';
import { readHealthAction } from './read-health-action.ts';
import { readHealthRule } from './read-health-rule.ts';
import { readDuration, readInteger } from './scalars.ts';

export const healthKeys = ['start', 'rules', 'churn', 'expansion', 'golden_time', 'actions'] as const;

/** The health of a journey with what could be read of it; undefined if it is no map. Every fault is reported. */
export function readHealth(cursor: Cursor, places: Places, report: Report): Health | undefined {
  const members = shapeOf(cursor, healthKeys, [], report);
  if (members === null) return undefined;
  const start = members.get('start');
  const rules = members.get('rules');
  const golden = members.get('golden_time');
  const actions = members.get('actions');
  const health: Health = {
    start: (start && readInteger(start, 0, 100, report)) ?? healthDefault.start,
    churn: readChurn(members.get('churn'), report) ?? healthDefault.churn,
    expansion: readExpansion(members.get('expansion'), report) ?? healthDefault.expansion,
    rules: rules === undefined ? [] : readHealthRules(rules, places, report),
    goldenTime: golden === undefined ? null : readGoldenTime(golden, report),
    actions: actions === undefined ? [] : readActions(actions, places, report),
  };
  places.set(health, cursor, members);
  return health;
}

/** One health rule or a list of them; faulty ones are left out. */
export function readHealthRules(cursor: Cursor, places: Places, report: Report): HealthRule[] {
  const given = oneOrMore(cursor, 'a health rule or a list of them', journeyLimits.healthRulesMax, report) ?? [];
  return given.map((each) => readHealthRule(each, places, report)).filter((rule) => rule !== null);
}

function readThreshold(
  cursor: Cursor,
  side: 'below' | 'above',
  report: Report,
): { at: number | undefined; margin: number | undefined } | null {
  const members: Members | null = shapeOf(cursor, [side, 'margin'], [], report);
  if (members === null) return null;
  const number = (key: string): number | undefined => {
    const given = members.get(key);
    return given === undefined ? undefined : (readInteger(given, 0, 100, report) ?? undefined);
  };
  return { at: number(side), margin: number('margin') };
}

function readChurn(cursor: Cursor | undefined, report: Report): HealthThresholds['churn'] | null {
  const given = cursor === undefined ? null : readThreshold(cursor, 'below', report);
  const { below, margin } = healthDefault.churn;
  return given === null ? null : { below: given.at ?? below, margin: given.margin ?? margin };
}

function readExpansion(cursor: Cursor | undefined, report: Report): HealthThresholds['expansion'] | null {
  const given = cursor === undefined ? null : readThreshold(cursor, 'above', report);
  const { above, margin } = healthDefault.expansion;
  return given === null ? null : { above: given.at ?? above, margin: given.margin ?? margin };
}

function readGoldenTime(cursor: Cursor, report: Report): Health['goldenTime'] {
  const members = shapeOf(cursor, ['milestones', 'within'], ['milestones', 'within'], report);
  const [milestones, within] = [members?.get('milestones'), members?.get('within')];
  const withinUs = within === undefined ? null : readDuration(within, report);
  if (milestones === undefined) return null;
  const given = elementsOf(milestones, 'a list of touchpoints', journeyLimits.touchpointsMax, report) ?? [];
  const touchpoints = given.map((each) => readTouchpoint(each, report));
  if (given.length === 0 && kindOf(milestones) === 'list')
    report('empty_list', milestones, 'golden time needs at least one milestone');
  for (const [index, touchpoint] of touchpoints.entries()) {
    const at = given[index];
    if (at && touchpoint !== null && touchpoints.indexOf(touchpoint) < index)
      report('duplicate_value', at, `${JSON.stringify(touchpoint)} stands twice`);
  }
  return withinUs === null ? null : { milestones: touchpoints.filter((each) => each !== null), withinUs };
}

function readActions(cursor: Cursor, places: Places, report: Report): Health['actions'] {
  const given = oneOrMore(cursor, 'an action or a list of actions', journeyLimits.healthActionsMax, report) ?? [];
  return given.map((each) => readHealthAction(each, places, report)).filter((action) => action !== null);
}
