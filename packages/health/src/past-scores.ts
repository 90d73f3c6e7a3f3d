import type { SignalChange } from './advance-signals.ts';
import type { HealthScore } from './score-customer.ts';

/** A visit of a customer that ended as lost, by an exit or by silence, µs. */
export interface Loss {
  readonly customer: string;
  readonly atUs: number;
}

export interface JudgedScore {
  readonly score: number;
  readonly lost: boolean;
}

/**
 * The scores of one evaluation with what happened: lost within `horizonUs` after it (at its end included). To be asked once the
 * horizon has passed; what is made of it is `trackRecord` of `@michinori/statistics`.
 */
export function judgeScores(scores: readonly HealthScore[], losses: readonly Loss[], horizonUs: number): JudgedScore[] {
  const times = new Map<string, number[]>();
  for (const { customer, atUs } of losses) times.set(customer, [...(times.get(customer) ?? []), atUs]);
  return scores.map(({ customer, score, asOfUs }) => ({
    score,
    lost: (times.get(customer) ?? []).some((atUs) => atUs > asOfUs && atUs <= asOfUs + horizonUs),
  }));
}

/**
 * For every loss the seconds since the churn signal was raised that stood when it happened, or null if none did; in the order
 * of the losses. `changes` may be of all signals, in any order. A signal that was cleared at the moment of the loss no longer stands.
 */
export function leadSeconds(losses: readonly Loss[], changes: readonly SignalChange[]): (number | null)[] {
  const churn = new Map<string, SignalChange[]>();
  for (const change of changes) {
    if (change.signal !== 'churn') continue;
    churn.set(change.customer, [...(churn.get(change.customer) ?? []), change]);
  }
  for (const own of churn.values()) own.sort((a, b) => a.atUs - b.atUs);
  return losses.map(({ customer, atUs }) => {
    const last = churn.get(customer)?.findLast((change) => change.atUs <= atUs);
    return last?.change === 'raised' ? (atUs - last.raisedUs) / 1_000_000 : null;
  });
}
