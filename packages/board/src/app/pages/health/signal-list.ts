import type { JourneyHealthCustomersRow, JourneySignalsRow, JourneyTasksRow } from '@michinori/client';
import { type LedgerLine, readLedger } from './ledger.ts';
import { type Unit, unitOf, writeUnit } from './unit.ts';

export const signalKinds = ['churn', 'expansion', 'golden_time'] as const;
export type SignalKind = (typeof signalKinds)[number];

/** An open signal with what else is known of whom it is about. */
export interface OpenSignal {
  unit: Unit;
  signal: JourneySignalsRow;
  /** Of the last evaluation, where it is among the scores that were asked for. */
  now: { stage: string; score: number; segment: string; ledger: readonly LedgerLine[] } | null;
  task: JourneyTasksRow | null;
}

/**
 * Signals with the score of the last evaluation and the first task that is due. With `isNarrowed` the scores are those of some segments only, and
 * signals of others are left out: the question for signals knows no segments.
 */
export function joinSignals(
  signals: readonly JourneySignalsRow[],
  scores: readonly JourneyHealthCustomersRow[],
  tasks: readonly JourneyTasksRow[],
  isNarrowed: boolean,
): OpenSignal[] {
  const scoreBy = new Map(scores.map((row) => [writeUnit(unitOf(row)), row]));
  const taskBy = new Map<string, JourneyTasksRow>();
  for (const task of tasks) {
    const key = `${task.signal} ${writeUnit(unitOf(task))}`;
    if (!taskBy.has(key)) taskBy.set(key, task);
  }
  return signals.flatMap((signal) => {
    const unit = unitOf(signal);
    const key = writeUnit(unit);
    const score = scoreBy.get(key);
    if (isNarrowed && score === undefined) return [];
    const now =
      score === undefined
        ? null
        : { stage: score.stage, score: score.score, segment: score.segment, ledger: readLedger(score.ledger) };
    return [{ unit, signal, now, task: taskBy.get(`${signal.signal} ${key}`) ?? null }];
  });
}

/** `quiet −18, busy +10` of an answer as rules and points. */
export function readMoved(moved: string): { rule: string; points: number }[] {
  return moved.split(', ').flatMap((part) => {
    const [, rule = '', sign, size] = /^(.+) ([+−])(\d+)$/.exec(part) ?? [];
    return rule === '' ? [] : [{ rule, points: Number(size) * (sign === '−' ? -1 : 1) }];
  });
}

/**
 * Why a signal stands: the rules that moved the score when it was raised; where nothing had been evaluated before, those that hold now and speak for it, the
 * weightiest first.
 */
export function reasonsOf({ signal, now }: OpenSignal): { rule: string; points: number }[] {
  const moved = readMoved(signal.moved);
  if (moved.length > 0) return moved;
  const sign = signal.signal === 'churn' ? -1 : 1;
  const held = (now?.ledger ?? []).flatMap(({ rule, points }) => (rule === null ? [] : [{ rule, points }]));
  return held.filter(({ points }) => points * sign > 0).sort((a, b) => (b.points - a.points) * sign);
}
