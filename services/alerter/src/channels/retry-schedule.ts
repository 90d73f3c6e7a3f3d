import { hash } from 'node:crypto';
import type { Outcome } from './channel.ts';
import type { Failure } from './delivery-reasons.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after the first, second, … failed attempt, ms. After the last pause one more attempt is made. */
export type RetrySchedule = readonly number[];

/** The example of the Standard Webhooks specification 1.0.0: ten attempts in three days. */
export const webhookSchedule: RetrySchedule = [
  ...[5 * second, 5 * minute, 30 * minute],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hour),
];

/** Of messages that people read: nobody wants to hear of it a day later. Eight attempts in four hours. */
export const messageSchedule: RetrySchedule = [
  ...[5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute],
  ...[hour, 2 * hour],
];

/** A receiver's wish to wait is heard up to this long. */
export const pauseMsMax = 24 * hour;

/** A pause is longer than the schedule says by up to this share of it. */
export const jitterShareMax = 0.2;

/** A number in [0, 1) out of a text: the same for the same text, uniform over texts. */
export function chanceOf(text: string): number {
  return Number.parseInt(hash('sha256', text, 'hex').slice(0, 8), 16) / 2 ** 32;
}

/**
 * What follows a failed attempt: another one after the pause of the schedule, or the end. The jitter is a function of id and attempt, so that
 * notifications that failed together don't come back together. Pure.
 *
 * @param attempt counted from 1
 * @param atLeastMs what the receiver asked for; it lengthens a pause and never shortens it
 */
export function afterFailure(
  schedule: RetrySchedule,
  {
    id,
    attempt,
    failure,
    atLeastMs = null,
  }: { id: string; attempt: number; failure: Failure; atLeastMs?: number | null },
): Outcome {
  const pauseMs = schedule[attempt - 1];
  if (pauseMs === undefined)
    return {
      outcome: 'refused',
      reason: 'attempts_exhausted',
      detail: `attempt ${attempt}: ${failure.reason}: ${failure.detail}`,
    };
  const jittered = Math.ceil(pauseMs * (1 + jitterShareMax * chanceOf(`${id} ${attempt}`)));
  if (atLeastMs === null) return { outcome: 'retry', afterMs: jittered, ...failure };
  return { outcome: 'retry', afterMs: Math.max(jittered, Math.min(atLeastMs, pauseMsMax)), isPause: true, ...failure };
}
