import { hash } from 'node:crypto';

/** How a transition came about: a visit that began out of none; one that led to another stage; one that ended. */
export const transitionOutcomes = ['entered', 'advanced', 'returned', 'lost', 'silent', 'completed'] as const;

export type TransitionOutcome = (typeof transitionOutcomes)[number];

/** A unit of a journey went from one stage to another, or in, or out: what identifies the fact. Times are µs since 1970. */
export interface StageTransitionFact {
  readonly journey: string;
  /** What travels in the journey. */
  readonly unit: 'customer' | 'account';
  /** Exactly one of the three is given: the customer, an anonymous id without one, or the account. */
  readonly customer: string | null;
  readonly anonymous: string | null;
  readonly account: string | null;
  /** Counts the unit's passages through the journey, from 1. */
  readonly cycle: number;
  /** Place among the unit's visits, from 1: of the visit that began, or (`to` null) of the one that ended. */
  readonly visit: number;
  /** The stage that was left; null: none before. */
  readonly from: string | null;
  /** The stage that was entered; null: none after. */
  readonly to: string | null;
  readonly outcome: TransitionOutcome;
  /** Of a loss by an exit rule, where the rule names one. */
  readonly reason: string | null;
  readonly atUs: number;
}

/** What every kind of signal begins with. */
export interface SignalHead {
  /** Names the fact: 32 hexadecimal digits. A fact that is announced again, by whomever, has the same id. */
  readonly id: string;
  /** Counts what was said about the fact, from 1; the highest holds. Odd: it is true. Even: it was taken back. */
  readonly revision: number;
  /** `revision` is even: what was announced isn't true any more. */
  readonly retracted: boolean;
  /** When this record was written. Says nothing about the fact. */
  readonly announcedAtUs: number;
}

export interface StageTransition extends SignalHead, StageTransitionFact {
  readonly kind: 'stage-transition';
  /** Of the journey's definition that the fact was first seen under. Not part of the fact. */
  readonly version: number;
}

/** What Michinori has found out, for others to act on. Further kinds will come. */
export type Signal = StageTransition;

/**
 * The id of a transition: the first 128 bits of the SHA-256 of its fields, joined by NUL, which no text of an event holds. The
 * form is frozen: ids stand in the log. See docs/signals.md.
 */
export function stageTransitionId(fact: StageTransitionFact): string {
  const parts = [
    'michinori.stage-transition.1',
    fact.journey,
    fact.unit,
    fact.customer ?? fact.account ?? '',
    fact.anonymous ?? '',
    fact.cycle,
    fact.visit,
    fact.from ?? '',
    fact.to ?? '',
    fact.outcome,
    fact.reason ?? '',
    fact.atUs,
  ];
  return hash('sha256', parts.join('\0'), 'hex').slice(0, 32);
}

/** The log key of a signal: its unit, so that all about one unit keeps its order. Of a customer it is the key of its events. */
export function signalKey(signal: Pick<Signal, 'customer' | 'anonymous' | 'account'>): string {
  return signal.customer ?? signal.account ?? `\0${signal.anonymous ?? ''}`;
}
