import type { Journey } from '@michinori/journey';
import { quantileR7 } from '@michinori/statistics';
import { mean } from './funnel-answer.ts';
import type { EventCopy } from './funnel-timeline.ts';
import { type CohortQuestion, type Counted, cellsOf, referenceCohort } from './journey-cohort.ts';
import type { VisitOutcome } from './journey-walk.ts';

/** How often the visits to a stage ended in one way, and how long that took. */
export interface TransitionRow {
  readonly segment: string | null;
  readonly bucket: number | null;
  readonly stage: string;
  readonly outcome: VisitOutcome;
  /** The stage that follows; '' for none. */
  readonly next: string;
  readonly n: number;
  /** From entry to end; null for open visits. */
  readonly secondsMean: number | null;
  readonly secondsP50: number | null;
}

function transitionOf(journey: Journey, own: readonly Counted[]) {
  const { outcome = 'open' as const, next = 0 } = own[0]?.visit ?? {};
  const ended = own.filter(({ visit }) => visit.outcome !== 'open');
  const seconds = ended.map(({ visit }) => (visit.endedUs - visit.enteredUs) / 1e6);
  return {
    outcome,
    next: journey.stages[next - 1]?.id ?? '',
    n: own.length,
    secondsMean: mean(seconds),
    secondsP50: quantileR7(seconds, 0.5),
  };
}

/** A row per segment, bucket, stage, outcome and next stage that occurs. */
export function referenceTransitions(
  journey: Journey,
  copies: readonly EventCopy[],
  question: CohortQuestion,
): TransitionRow[] {
  const cells = cellsOf(journey, referenceCohort(journey, copies, question), question);
  return cells.flatMap(({ segment, bucket, counted }) =>
    journey.stages.flatMap(({ id }, index) => {
      const own = counted.filter(({ visit }) => visit.stage === index + 1);
      const kinds = new Set(own.map(({ visit }) => `${visit.outcome} ${visit.next}`));
      return [...kinds].sort().map((kind) => ({
        segment,
        bucket,
        stage: id,
        ...transitionOf(
          journey,
          own.filter(({ visit }) => `${visit.outcome} ${visit.next}` === kind),
        ),
      }));
    }),
  );
}
