import type { StageTransitionFact, TransitionOutcome } from '@michinori/events';
import type { Journey } from '@michinori/journey';
import type { EventCopy } from './funnel-timeline.ts';
import { referenceUnitJourneys, type UnitJourney } from './journey-reference.ts';

type Unnamed = Pick<StageTransitionFact, 'cycle' | 'visit' | 'from' | 'to' | 'outcome' | 'reason' | 'atUs'>;

function transitionsOf({ visits }: UnitJourney, stageOf: (stage: number) => string): Unnamed[] {
  const transitions: Unnamed[] = [];
  let arrivedBy: Pick<Unnamed, 'from' | 'outcome'> = { from: null, outcome: 'entered' };
  for (const [index, { cycle, stage, enteredUs, endedUs, outcome, reason }] of visits.entries()) {
    const at = { cycle, visit: index + 1 };
    const id = stageOf(stage);
    transitions.push({ ...at, ...arrivedBy, to: id, reason: null, atUs: enteredUs });
    arrivedBy = { from: null, outcome: 'entered' };
    if (outcome === 'open') continue;
    if (outcome === 'advanced' || outcome === 'returned') arrivedBy = { from: id, outcome };
    else {
      const left: TransitionOutcome = outcome;
      transitions.push({ ...at, from: id, to: null, outcome: left, reason: reason || null, atUs: endedUs });
    }
  }
  return transitions;
}

/** The transitions that follow from deliveries in any order, unit by unit in the order of their names: what signals have to say. */
export function referenceStageTransitions(journey: Journey, copies: readonly EventCopy[]): StageTransitionFact[] {
  const stageOf = (stage: number): string => journey.stages[stage - 1]?.id ?? '';
  return referenceUnitJourneys(journey, copies).flatMap((row) => {
    const isAccount = journey.unit === 'account';
    const named = {
      unit: journey.unit,
      customer: isAccount ? null : row.unit || null,
      anonymous: row.unit === '' ? row.anonymous : null,
      account: isAccount ? row.unit : null,
    };
    return transitionsOf(row, stageOf).map((transition) => ({ journey: journey.id, ...named, ...transition }));
  });
}
