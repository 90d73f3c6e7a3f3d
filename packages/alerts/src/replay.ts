import { evaluateRule } from './backtest.ts';
import type { Evaluation } from './decide-evaluation.ts';
import { noState, type RuleState, type Transition } from './episode.ts';
import type { AlertRule } from './rule.ts';
import type { SeriesReading } from './series.ts';

/** What one evaluation of the past came to. */
export interface Replayed {
  readonly evaluation: Evaluation;
  readonly state: RuleState;
  readonly transitions: readonly Transition[];
}

/**
 * Replays a rule from its first evaluation on, one evaluation at a time, so that whoever asked may rest or stop in between.
 *
 * @param evaluationsUs instants in order
 * @param readAt what the rule would have read then, given what it remembered
 */
export function* replay(
  rule: AlertRule,
  evaluationsUs: Iterable<number>,
  readAt: (evaluationUs: number, before: RuleState) => readonly SeriesReading[],
): Generator<Replayed, void> {
  let state = noState(rule.id);
  for (const evaluationUs of evaluationsUs) {
    const replayed = evaluateRule(rule, state, readAt(evaluationUs, state), evaluationUs);
    state = replayed.state;
    yield replayed;
  }
}
