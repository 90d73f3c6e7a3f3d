import type { Journey } from '@michinori/journey';
import { quantileR7 } from '@michinori/statistics';
import type { EventCopy } from './funnel-timeline.ts';
import { type CohortQuestion, type Counted, cellsOf, referenceCohort } from './journey-cohort.ts';

/** Losses of a stage: all, by silence, or by exits of one reason. */
export interface LossRow {
  readonly segment: string | null;
  readonly bucket: number | null;
  readonly stage: string;
  readonly kind: 'all' | 'silent' | 'exit';
  readonly reason: string | null;
  readonly lost: number;
  readonly entered: number;
  readonly secondsP50: number | null;
  readonly silenceSecondsP50: number | null;
}

/** Rows with a loss in them, in no order that means anything. */
export function referenceLosses(journey: Journey, copies: readonly EventCopy[], question: CohortQuestion): LossRow[] {
  const cells = cellsOf(journey, referenceCohort(journey, copies, question), question);
  return cells.flatMap(({ segment, bucket, counted }) =>
    journey.stages.flatMap(({ id }, index) => {
      const own = counted.filter(({ visit }) => visit.stage === index + 1);
      const silent = own.filter(({ visit }) => visit.outcome === 'silent');
      const exits = own.filter(({ visit }) => visit.outcome === 'lost');
      const rowOf = (kind: LossRow['kind'], reason: string | null, lost: readonly Counted[]): LossRow[] =>
        lost.length === 0
          ? []
          : [{ segment, bucket, stage: id, kind, reason, lost: lost.length, entered: own.length, ...times(lost) }];
      const reasons = [...new Set(exits.map(({ visit }) => visit.reason))];
      return [
        ...rowOf('all', null, [...silent, ...exits]),
        ...rowOf('silent', null, silent),
        ...reasons.flatMap((reason) =>
          rowOf(
            'exit',
            reason,
            exits.filter(({ visit }) => visit.reason === reason),
          ),
        ),
      ];
    }),
  );
}

function times(lost: readonly Counted[]) {
  const lastTouch = ({ path, visit }: Counted): number => path.at(-1)?.atUs ?? visit.enteredUs;
  return {
    secondsP50: quantileR7(
      lost.map(({ visit }) => (visit.endedUs - visit.enteredUs) / 1e6),
      0.5,
    ),
    silenceSecondsP50: quantileR7(
      lost.map((one) => (one.visit.endedUs - lastTouch(one)) / 1e6),
      0.5,
    ),
  };
}
