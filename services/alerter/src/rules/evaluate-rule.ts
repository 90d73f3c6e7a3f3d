import {
  type AlertRule,
  alertRows,
  evaluateRule,
  isWatched,
  noState,
  type ParsedRule,
  retireRule,
  retireSeries,
  type SeriesReading,
  type Transition,
} from '@michinori/alerts';
import type { Journey } from '@michinori/journey';
import type { EvaluationRecord, LastEvaluation, Remembered } from './rule-store.ts';
import { type Notice, notificationOf, type TellingContext } from './tell.ts';

/** A rule with what is remembered of it. */
export interface RuleBefore {
  readonly parsed: ParsedRule;
  /** As it is defined now. */
  readonly journey: Journey;
  /** Null: the rule was never evaluated. `rule`: as it was then. */
  readonly last: (LastEvaluation & { readonly rule: AlertRule }) | null;
  readonly boardUrl: string | null;
}

/**
 * One evaluation of a rule and everything that follows from it. Series that the rule has ceased to watch end first, in the words of the
 * rule as it was. Pure.
 */
export function evaluationRecord(
  { parsed, journey, last, boardUrl }: RuleBefore,
  readings: readonly SeriesReading[],
  evaluatedUs: number,
): EvaluationRecord {
  const { rule, source } = parsed;
  const before = last?.remembered.state ?? noState(rule.id);
  const isOther = last !== null && (last.rule.kind !== rule.kind || last.rule.journey !== rule.journey);
  const left = retireSeries(before, (key) => isOther || !isWatched(rule, journey, key), evaluatedUs);
  const { state, transitions, evaluation } = evaluateRule(rule, left.state, readings, evaluatedUs);
  const told = { ...(last?.remembered.told ?? {}) };
  const notices = [
    ...noticesOf(left.transitions, { rule: last?.rule ?? rule, journey: isOther ? null : journey, boardUrl }, told),
    ...noticesOf(transitions, { rule, journey, boardUrl }, told),
  ];
  return {
    ...{ alert: rule.id, evaluatedUs, journey: rule.journey, source, notices },
    remembered: { state, told },
    transitions: [...left.transitions, ...transitions],
    rows: alertRows(rule, state, evaluation),
  };
}

/** The end of a rule that is gone: what fired is over. Null where nothing is left to end. Pure. */
export function retirementRecord(
  last: LastEvaluation & { readonly rule: AlertRule },
  { journey, boardUrl, nowUs }: { journey: Journey | null; boardUrl: string | null; nowUs: number },
): EvaluationRecord | null {
  const { remembered, rule, alert, source } = last;
  if (remembered.state.series.length === 0) return null;
  const evaluatedUs = Math.max(nowUs, last.evaluatedUs + 1);
  const { state, transitions } = retireRule(remembered.state, evaluatedUs);
  const told = { ...remembered.told };
  const notices = noticesOf(transitions, { rule, journey, boardUrl }, told);
  return {
    ...{ alert, evaluatedUs, journey: rule.journey, source, transitions, notices },
    remembered: { state, told },
    rows: [],
  };
}

/** Who heard of a beginning hears of the end, whatever the rule says by then. Keeps `told` up to date. */
function noticesOf(
  transitions: readonly Transition[],
  context: TellingContext,
  told: Record<string, Remembered['told'][string]>,
): Notice[] {
  return transitions.flatMap((transition): Notice[] => {
    const notification = notificationOf(transition, context);
    if (notification === null) return [];
    const { id } = transition.episode;
    const to = notification.state === 'firing' ? context.rule.channels : (told[id] ?? []);
    if (notification.state === 'firing') told[id] = to;
    else delete told[id];
    return to.length === 0 ? [] : [{ notification, to }];
  });
}
