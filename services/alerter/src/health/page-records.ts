import { hash } from 'node:crypto';
import { advanceSignals, type CustomerSignals, planActions, type SignalChange, scoreCustomer } from '@michinori/health';
import { healthDefault, healthOf, healthRulesOf, type Journey } from '@michinori/journey';
import type { UnitFacts } from '@michinori/queries';
import { nameOf, type StoredUnit } from './remembered.ts';

/** Which evaluation rows belong to. Times µs since 1970. */
export interface EvaluationKey {
  readonly asOfUs: number;
  readonly evaluatedUs: number;
  readonly isBackfilled: boolean;
}

/** Rows of the tables, in the order of the columns below. */
export interface PageRecords {
  readonly scores: readonly (readonly unknown[])[];
  readonly signals: readonly (readonly unknown[])[];
  readonly tasks: readonly (readonly unknown[])[];
}

const shared = ['journey', 'as_of', 'evaluated_at', 'unit_key'];
const whose = ['kind', 'unit', 'anonymous', 'stage'];

export const scoreColumns = [
  ...shared,
  ...whose,
  ...['entered_at', 'cycle_at', 'segments', 'score', 'ledger', 'golden', 'is_backfilled'],
];
export const signalColumns = [
  ...shared,
  ...whose,
  ...['signal', 'id', 'change', 'raised_at', 'why', 'score', 'score_before', 'moved', 'is_backfilled'],
];
export const taskColumns = [...shared, 'id', 'signal_id', 'owner', 'due_at', 'text'];

/** The first 128 bits, in hexadecimal digits, of the SHA-256 of what a change is, joined by NUL. The form is frozen: receivers remember ids. */
export function changeId(journey: Journey, change: SignalChange): string {
  const parts = [
    'michinori.health.1',
    journey.id,
    journey.unit,
    change.customer,
    change.signal,
    change.change,
    change.atUs,
  ];
  return hash('sha256', parts.join('\0'), 'hex').slice(0, 32);
}

/**
 * What an evaluation says of a page of units: their scores, the signals that changed since the evaluation before, and the tasks of those that were raised.
 * `before`: the units that had a score then, also those that have none now, with what is remembered of them. An evaluation that was made up afterwards gives nobody a task. Pure.
 */
export function pageRecords(
  journey: Journey,
  units: readonly UnitFacts[],
  before: { readonly units: readonly StoredUnit[]; readonly states: ReadonlyMap<string, CustomerSignals> },
  { asOfUs, evaluatedUs, isBackfilled }: EvaluationKey,
): PageRecords {
  const health = healthOf(journey) ?? healthDefault;
  const known = new Map<string, StoredUnit>([...before.units, ...units].map((unit) => [nameOf(unit), unit]));
  const rulesOf = new Map(journey.stages.map(({ id }) => [id, healthRulesOf(journey, id)]));
  const scores = units.map(({ facts }) =>
    scoreCustomer(facts, { health, rules: rulesOf.get(facts.stage) ?? [] }, asOfUs),
  );
  const { changes } = advanceSignals(before.states, scores, health, asOfUs);
  const head = (name: string): unknown[] => [journey.id, asOfUs, evaluatedUs, known.get(name)?.unitKey ?? 0n];
  const named = (name: string): unknown[] => {
    const unit = known.get(name);
    return [journey.unit, unit?.unit ?? '', unit?.anonymous ?? ''];
  };
  const flag = isBackfilled ? 1 : 0;
  const planned = isBackfilled ? [] : planActions(changes, journey);
  return {
    scores: scores.map(({ customer, stage, score, ledger, golden }, i) => {
      const { facts, segments } = units[i] ?? {};
      const times = [facts?.enteredUs ?? asOfUs, facts?.cycleUs ?? asOfUs];
      const texts = [JSON.stringify(ledger), golden === null ? '' : JSON.stringify(golden)];
      return [...head(customer), ...named(customer), stage, ...times, segments ?? new Map(), score, ...texts, flag];
    }),
    signals: changes.map((change) => {
      const { customer, signal, raisedUs, why, stage, score, scoreBefore, moved } = change;
      const facts = [signal, changeId(journey, change), change.change, raisedUs, why, score, scoreBefore];
      return [...head(customer), ...named(customer), stage, ...facts, JSON.stringify(moved), flag];
    }),
    tasks: planned.flatMap(({ change, task }, i) => {
      if (task === null) return [];
      const signalId = changeId(journey, change);
      const place = planned.slice(0, i).filter((other) => other.change === change && other.task !== null).length;
      const own = [`${signalId}-${place + 1}`, signalId, task.owner, task.dueUs, new Map(Object.entries(task.text))];
      return [[...head(change.customer), ...own]];
    }),
  };
}
