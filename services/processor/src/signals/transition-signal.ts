import { encodeSignal, type Signal, signalKey, type TransitionOutcome } from '@michinori/events';
import type { PendingTransition } from '@michinori/queries';

/** A transition that waits for its signal, with the journey that it is of. */
export interface Pending extends PendingTransition {
  readonly journey: string;
  /** Of the definition that the journey is derived by now. */
  readonly activeVersion: number;
}

/**
 * The revision that says how things stand: the one that was announced last where it says so already (the log may lack it), else
 * the next. Odd: true. Even: taken back.
 */
export function revisionOf({ step, isTrue }: Pick<Pending, 'step' | 'isTrue'>): number {
  const last = Math.floor(step / 2);
  return isTrue === (last % 2 === 1) ? last : last + 1;
}

/** Whether the revision stands in the table already. */
export function isNoted(pending: Pick<Pending, 'step' | 'isTrue'>): boolean {
  return revisionOf(pending) === Math.floor(pending.step / 2);
}

/** The version that a signal says, and that is remembered: the one of its first announcement. */
function versionOf({ version, activeVersion }: Pending): number {
  return version === 0 ? activeVersion : version;
}

/** The signal about a transition. */
export function transitionSignal(pending: Pending, announcedAtUs: number): Signal {
  const { id, journey, kind: unit, cycle, visit, from, to, outcome, reason, atUs } = pending;
  const revision = revisionOf(pending);
  const isAccount = unit === 'account';
  return {
    kind: 'stage-transition',
    ...{ id, revision, retracted: revision % 2 === 0, announcedAtUs, journey, version: versionOf(pending), unit },
    customer: isAccount ? null : pending.unit || null,
    anonymous: isAccount || pending.unit !== '' ? null : pending.anonymous,
    account: isAccount ? pending.unit : null,
    ...{ cycle, visit, from: from || null, to: to || null, outcome: outcome as TransitionOutcome },
    ...{ reason: reason || null, atUs },
  };
}

/** The record of a signal in the log. */
export function signalRecord(signal: Signal): { key: string; value: Uint8Array } {
  return { key: signalKey(signal), value: encodeSignal(signal) };
}

export const announcedColumns = [
  ...['journey', 'unit_key', 'id', 'step', 'version', 'kind', 'unit', 'anonymous', 'cycle', 'visit', 'stage_from'],
  ...['stage_to', 'outcome', 'reason', 'at'],
];

/** A row of `announced_signals`: the signal is about to go to the log, or (`isInLog`) it is there. */
export function announcedRow(pending: Pending, { isInLog }: { isInLog: boolean }): unknown[] {
  const { journey, unitKey, id, kind, unit, anonymous, cycle, visit, from, to, outcome, reason, atUs } = pending;
  const step = 2 * revisionOf(pending) + Number(isInLog);
  return [
    ...[journey, unitKey, id, step, versionOf(pending), kind, unit, anonymous, cycle, visit, from],
    ...[to, outcome, reason, atUs],
  ];
}
