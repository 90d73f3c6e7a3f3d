import type { Journey, Rule } from './journey.ts';
import { journeyLimits } from './limits.ts';
import { covers, mayOverlap, reasonText } from './overlap.ts';
import type { Places } from './places.ts';
import type { Report } from './problem.ts';
import { canHoldTogether } from './satisfiable.ts';

/** Reports rules that can't work, and overlaps of rules. Which overlaps are faults: docs/journeys.md, "Overlaps". */
export function checkRules(journey: Journey, places: Places, report: Report): void {
  const all = [...journey.stages.flatMap(({ enter }) => enter), ...journey.exit];
  if (all.length > journeyLimits.rulesMax) {
    report(
      'too_many',
      places.of(journey, 'stages'),
      `there are ${all.length} rules, at most ${journeyLimits.rulesMax} are allowed`,
    );
    return;
  }
  const contradictory = new Set<Rule>(all.filter(({ where }) => !canHoldTogether(where)));
  for (const rule of contradictory) {
    report('conditions_contradict', places.of(rule), 'no event can match this rule: its conditions exclude each other');
  }
  const sound = (rule: Rule): boolean => !contradictory.has(rule);
  checkShadows(journey, sound, places, report);
  checkExits(journey, sound, places, report);
}

/** Of several stages that an event matches the latest is taken, so a rule that a later stage's rule covers decides nothing. */
function checkShadows({ stages }: Journey, sound: (rule: Rule) => boolean, places: Places, report: Report): void {
  for (const [index, stage] of stages.entries()) {
    const later = stages.slice(index + 1).flatMap(({ id, enter }) => enter.filter(sound).map((rule) => ({ id, rule })));
    for (const rule of stage.enter.filter(sound)) {
      const shadow = later.find((other) => covers(other.rule, rule));
      if (shadow === undefined) continue;
      const at = places.of(shadow.rule).key;
      report(
        'rule_shadowed',
        places.of(rule),
        `every event that matches this rule enters the later stage ${shadow.id} (${at}) instead`,
      );
    }
  }
}

function checkExits({ stages, exit }: Journey, sound: (rule: Rule) => boolean, places: Places, report: Report): void {
  const enter = stages.flatMap((stage) => stage.enter).filter(sound);
  const exits = exit.filter(sound);
  for (const [index, rule] of exits.entries()) {
    const at = places.of(rule);
    const entered = enter.find((other) => mayOverlap(rule, other));
    if (entered !== undefined) {
      report(
        'exit_overlaps_enter',
        at,
        `one event could match this exit and the enter rule ${places.of(entered).key}: add a condition that tells them apart`,
      );
    }
    const other = exits
      .slice(0, index)
      .find((earlier) => reasonText(earlier.reason) !== reasonText(rule.reason) && mayOverlap(rule, earlier));
    if (other !== undefined) {
      report(
        'exit_overlaps_exit',
        at,
        `one event could match this exit and ${places.of(other).key}, which gives another reason`,
      );
    }
  }
}
