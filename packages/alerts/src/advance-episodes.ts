import { type Advanced, advanceSeries } from './advance-series.ts';
import type { Evaluation, Verdict } from './decide-evaluation.ts';
import type { RuleState, SeriesState, Transition } from './episode.ts';
import type { AlertRule } from './rule.ts';
import { compareSeries, type SeriesKey, seriesId } from './series.ts';

export interface AdvancedEpisodes {
  readonly state: RuleState;
  /** In the order of the series; `started` before `fired`. */
  readonly transitions: readonly Transition[];
}

/**
 * Takes an evaluation into the state of its rule. Pure and deterministic: the same evaluations give the same episodes with the same
 * ids. An evaluation that isn't newer than the last one changes nothing, so that no alarm fires twice, however often or in
 * whatever order evaluations arrive. A series that the evaluation doesn't list has no data; without an episode it is forgotten.
 */
export function advanceEpisodes(rule: AlertRule, previous: RuleState, evaluation: Evaluation): AdvancedEpisodes {
  const { evaluationUs, verdicts } = evaluation;
  if (previous.evaluatedUs !== null && evaluationUs <= previous.evaluatedUs)
    return { state: previous, transitions: [] };
  const known = new Map(previous.series.map((state) => [seriesId(state.key), state]));
  const listed = new Set(verdicts.map(({ key }) => seriesId(key)));
  const missing = previous.series.filter(({ key, episode }) => episode !== null && !listed.has(seriesId(key)));
  const all = [
    ...verdicts,
    ...missing.map(({ key }): Verdict => ({ key, finding: 'no-data', figures: null, q: null })),
  ];
  const series: SeriesState[] = [];
  const transitions: Transition[] = [];
  for (const verdict of all.sort((a, b) => compareSeries(a.key, b.key))) {
    const advanced = advanceSeries(rule, known.get(seriesId(verdict.key)), verdict, evaluationUs);
    series.push(advanced.next);
    transitions.push(...transitionsOf(rule, verdict, advanced, evaluationUs));
  }
  return { state: { rule: rule.id, evaluatedUs: evaluationUs, series }, transitions };
}

function transitionsOf(rule: AlertRule, verdict: Verdict, { happened }: Advanced, atUs: number): Transition[] {
  return happened.map(({ kind, episode, reason }) => ({
    ...{ id: `${episode.id}:${kind}`, kind, atUs, rule: rule.id, key: verdict.key, episode, reason, verdict },
  }));
}

/** Ends every episode of a rule that is no longer evaluated: what fired is resolved, what was pending is dropped. */
export function retireRule(state: RuleState, atUs: number): AdvancedEpisodes {
  const { rule, evaluatedUs } = state;
  const { transitions } = retireSeries(state, () => true, atUs);
  return { state: { rule, evaluatedUs: Math.max(atUs, evaluatedUs ?? atUs), series: [] }, transitions };
}

/** The same for some series of a rule: those that it doesn't watch any more. When it was evaluated stays as it is. */
export function retireSeries(state: RuleState, isGone: (key: SeriesKey) => boolean, atUs: number): AdvancedEpisodes {
  const { rule } = state;
  const gone = state.series.filter(({ key }) => isGone(key));
  const transitions = gone.flatMap(({ key, episode }): Transition[] => {
    if (episode === null) return [];
    const kind = episode.firedUs === null ? 'dropped' : 'resolved';
    return [{ id: `${episode.id}:${kind}`, kind, atUs, rule, key, episode, reason: 'retired', verdict: null }];
  });
  return { state: { ...state, series: state.series.filter(({ key }) => !isGone(key)) }, transitions };
}
