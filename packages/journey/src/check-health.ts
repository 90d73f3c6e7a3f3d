import type { Health, HealthRule } from './health.ts';
import type { Journey } from './journey.ts';
import type { Places } from './places.ts';
import type { Report } from './problem.ts';
import { canHoldTogether } from './satisfiable.ts';

/** Reports what is wrong with the health of a journey as a whole. */
export function checkHealth({ health, stages }: Journey, places: Places, report: Report): void {
  if (health !== undefined) {
    checkRuleList(health.rules, places, report);
    checkThresholds(health, places, report);
  }
  for (const stage of stages) {
    checkRuleList(stage.health ?? [], places, report);
    if (stage.terminal && places.has(stage, 'health'))
      report(
        'terminal_with_health',
        places.of(stage, 'health'),
        'nobody stays in a terminal stage, so nobody has a score there: leave health out',
      );
  }
}

function checkRuleList(rules: readonly HealthRule[], places: Places, report: Report): void {
  const seen = new Set<string>();
  for (const rule of rules) {
    const { id, test } = rule;
    if (seen.has(id)) report('duplicate_id', places.of(rule, 'id'), `there is another health rule with the id ${id}`);
    seen.add(id);
    if ('where' in test && !canHoldTogether(test.where))
      report(
        'conditions_contradict',
        places.of(rule, 'where'),
        'no event can match this rule: its conditions exclude each other',
      );
  }
}

function checkThresholds(health: Health, places: Places, report: Report): void {
  const { start, churn, expansion } = health;
  const [low, high] = [churn.below + churn.margin, expansion.above - expansion.margin];
  if (low >= high) {
    report(
      'thresholds_overlap',
      places.of(health, places.has(health, 'expansion') ? 'expansion' : 'churn'),
      `churn is cleared above ${low} and expansion below ${high}: there has to be room between them`,
    );
  } else if (start < churn.below || start > expansion.above) {
    report(
      'start_signals',
      places.of(health, 'start'),
      `start has to lie from ${churn.below} to ${expansion.above}: otherwise customers of whom nothing is known raise a signal`,
    );
  }
}
