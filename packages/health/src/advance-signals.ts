import { type HealthSignal, type HealthThresholds, healthSignals } from '@michinori/journey';
import { type Movement, movementsOf } from './movements.ts';
import type { HealthScore } from './score-customer.ts';

/** What is remembered of a customer between evaluations: since when each signal is raised (µs; null: it isn't), and the score. */
export interface CustomerSignals {
  readonly raisedUs: Readonly<Record<HealthSignal, number | null>>;
  readonly last: HealthScore;
}

/** A signal that was raised or cleared by an evaluation. */
export interface SignalChange {
  readonly customer: string;
  readonly signal: HealthSignal;
  readonly change: 'raised' | 'cleared';
  readonly atUs: number;
  /** Since when the signal was raised, of one that is cleared; else `atUs`. */
  readonly raisedUs: number;
  /** `left`: the customer isn't in any stage any more, so there is no score. */
  readonly why: 'score' | 'left';
  readonly stage: string;
  readonly score: number | null;
  readonly scoreBefore: number | null;
  /** What moved the score since the evaluation before, the largest change first. */
  readonly moved: readonly Movement[];
}

export interface AdvancedSignals {
  readonly states: ReadonlyMap<string, CustomerSignals>;
  /** By customer, in the order of the scores, those who left last; within a customer as in `healthSignals`. */
  readonly changes: readonly SignalChange[];
}

const none: CustomerSignals['raisedUs'] = { churn: null, expansion: null, golden_time: null };

/** Whether a signal is raised now, given whether it was: between threshold and threshold ± margin it stays as it is. */
function isRaised(
  signal: HealthSignal,
  was: boolean,
  { score, golden }: HealthScore,
  { churn, expansion }: HealthThresholds,
): boolean {
  switch (signal) {
    case 'churn':
      return was ? score <= churn.below + churn.margin : score < churn.below;
    case 'expansion':
      return was ? score >= expansion.above - expansion.margin : score > expansion.above;
    case 'golden_time':
      return golden !== null;
  }
}

/**
 * Carries the signals of all customers of a journey on to the next evaluation. `previous` are the states after the last one
 * (empty before the first); `scores` are all scores of this one, taken at one moment. The same scores again change nothing.
 *
 * @throws RangeError if a customer stands twice in the scores, or they are of different moments, or older than the states
 */
export function advanceSignals(
  previous: ReadonlyMap<string, CustomerSignals>,
  scores: readonly HealthScore[],
  thresholds: HealthThresholds,
  asOfUs: number,
): AdvancedSignals {
  const states = new Map<string, CustomerSignals>();
  const changes: SignalChange[] = [];
  for (const score of scores) {
    const before = previous.get(score.customer) ?? null;
    assertNext(score, before, states, asOfUs);
    const raisedUs = { ...none };
    for (const signal of healthSignals) {
      const sinceUs = before?.raisedUs[signal] ?? null;
      const now = isRaised(signal, sinceUs !== null, score, thresholds);
      raisedUs[signal] = now ? (sinceUs ?? asOfUs) : null;
      if (now === (sinceUs !== null)) continue;
      changes.push({
        customer: score.customer,
        signal,
        change: now ? 'raised' : 'cleared',
        atUs: asOfUs,
        raisedUs: sinceUs ?? asOfUs,
        why: 'score',
        stage: score.stage,
        score: score.score,
        scoreBefore: before?.last.score ?? null,
        moved: movementsOf(before?.last ?? null, score),
      });
    }
    states.set(score.customer, { raisedUs, last: score });
  }
  const left = [...previous].filter(([customer]) => !states.has(customer));
  return { states, changes: [...changes, ...left.flatMap(([, state]) => clearedByLeaving(state, asOfUs))] };
}

function clearedByLeaving({ raisedUs, last }: CustomerSignals, asOfUs: number): SignalChange[] {
  return healthSignals.flatMap((signal) => {
    const sinceUs = raisedUs[signal];
    if (sinceUs === null) return [];
    const { customer, stage, score } = last;
    const change = { customer, signal, change: 'cleared' as const, atUs: asOfUs, raisedUs: sinceUs };
    return [{ ...change, why: 'left' as const, stage, score: null, scoreBefore: score, moved: [] }];
  });
}

function assertNext(
  { customer, asOfUs: takenUs }: HealthScore,
  before: CustomerSignals | null,
  states: ReadonlyMap<string, CustomerSignals>,
  asOfUs: number,
): void {
  if (states.has(customer)) throw new RangeError(`${customer} stands twice in one evaluation`);
  if (takenUs !== asOfUs) throw new RangeError(`a score of ${takenUs} in the evaluation of ${asOfUs}`);
  if (before !== null && before.last.asOfUs > asOfUs)
    throw new RangeError(`the evaluation of ${asOfUs} comes after that of ${before.last.asOfUs}`);
}
