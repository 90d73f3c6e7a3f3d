import { type AdvancedEpisodes, advanceEpisodes } from './advance-episodes.ts';
import { decideEvaluation, type Evaluation } from './decide-evaluation.ts';
import { noState, openEpisodes, type RuleState, type Transition } from './episode.ts';
import type { AlertRule } from './rule.ts';
import type { SeriesReading } from './series.ts';

/** One evaluation and what came of it: what an alerter does at every instant of the schedule. */
export function evaluateRule(
  rule: AlertRule,
  previous: RuleState,
  readings: readonly SeriesReading[],
  evaluationUs: number,
): AdvancedEpisodes & { readonly evaluation: Evaluation } {
  const evaluation = decideEvaluation(rule, readings, { evaluationUs, episodes: openEpisodes(previous) });
  return { evaluation, ...advanceEpisodes(rule, previous, evaluation) };
}

/** What one instant of the past would have read. */
export interface PastEvaluation {
  readonly evaluationUs: number;
  readonly readings: readonly SeriesReading[];
}

/** Replays a rule over the past, from the oldest evaluation to the newest: every transition that it would have given. */
export function backtest(rule: AlertRule, evaluations: Iterable<PastEvaluation>): AdvancedEpisodes {
  let state = noState(rule.id);
  const transitions: Transition[] = [];
  for (const { evaluationUs, readings } of evaluations) {
    const advanced = evaluateRule(rule, state, readings, evaluationUs);
    state = advanced.state;
    transitions.push(...advanced.transitions);
  }
  return { state, transitions };
}
