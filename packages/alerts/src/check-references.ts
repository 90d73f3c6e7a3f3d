import { type Journey, nearestWord } from '@michinori/journey';
import type { ReportAt } from './problem.ts';
import type { AlertRule } from './rule.ts';

/** Reports what a rule names and its journey doesn't have. */
export function checkReferences(rule: AlertRule, journeys: readonly Journey[], report: ReportAt): void {
  const journey = journeys.find(({ id }) => id === rule.journey);
  if (journey === undefined) {
    const ids = journeys.map(({ id }) => id);
    report('unknown_journey', ['journey'], `there is no journey ${rule.journey}`, nearestWord(rule.journey, ids));
    return;
  }
  for (const [i, id] of (rule.stages ?? []).entries()) {
    const stage = journey.stages.find((each) => each.id === id);
    if (stage === undefined) {
      const ids = journey.stages.map((each) => each.id);
      report('unknown_stage', ['stages', i], `the journey ${journey.id} has no stage ${id}`, nearestWord(id, ids));
    } else if (stage.terminal && rule.kind !== 'volume') {
      report('terminal_stage', ['stages', i], `nobody drops off in ${id}: entering it completes the journey`);
    }
  }
  for (const [i, name] of rule.by.entries()) {
    if (journey.segments.includes(name)) continue;
    const message = `the journey ${journey.id} is not split by ${JSON.stringify(name)}`;
    report('unknown_segment', ['by', i], message, nearestWord(name, journey.segments));
  }
}
