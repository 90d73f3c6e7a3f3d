import type { Journey } from '@michinori/journey';
import { quantileR7 } from '@michinori/statistics';
import type { EventCopy } from './funnel-timeline.ts';
import { type CohortQuestion, type Counted, cellsOf, referenceCohort } from './journey-cohort.ts';
import { type OutcomeCounts, outcomesOf } from './journey-outcomes.ts';

/** What became of the visits to a stage that a touchpoint touched. */
export interface TouchpointRow extends OutcomeCounts {
  readonly segment: string | null;
  readonly bucket: number | null;
  readonly stage: string;
  readonly touchpoint: string;
  /** Visits with the touchpoint among their touches up to asOf. */
  readonly n: number;
  readonly touches: number;
  /** Lost or silent visits whose last touch it was. */
  readonly lastBeforeLoss: number;
  /** Share of the stage's lost and silent visits; null where there are none. */
  readonly lossShare: number | null;
  /** Median, over advanced visits, of the time from the first touch to the advance. */
  readonly secondsToAdvanceP50: number | null;
}

function isLoss({ visit }: Counted): boolean {
  return visit.outcome === 'lost' || visit.outcome === 'silent';
}

function touchpointOf(own: readonly Counted[], touchpoint: string) {
  const touched = own.filter(({ path }) => path.some((step) => step.touchpoint === touchpoint));
  const losses = own.filter(isLoss);
  const lastBeforeLoss = losses.filter(({ path }) => path.at(-1)?.touchpoint === touchpoint).length;
  const seconds = touched
    .filter(({ visit }) => visit.outcome === 'advanced')
    .flatMap(({ visit, path }) => {
      const first = path.find((step) => step.touchpoint === touchpoint);
      return first === undefined ? [] : [(visit.endedUs - first.atUs) / 1e6];
    });
  return {
    touchpoint,
    n: touched.length,
    touches: touched.flatMap(({ path }) => path.filter((step) => step.touchpoint === touchpoint)).length,
    ...outcomesOf(touched),
    lastBeforeLoss,
    lossShare: losses.length === 0 ? null : lastBeforeLoss / losses.length,
    secondsToAdvanceP50: quantileR7(seconds, 0.5),
  };
}

/** A row per segment, bucket, stage and touchpoint that touched one of the visits that count. */
export function referenceTouchpoints(
  journey: Journey,
  copies: readonly EventCopy[],
  question: CohortQuestion,
): TouchpointRow[] {
  const cells = cellsOf(journey, referenceCohort(journey, copies, question), question);
  return cells.flatMap(({ segment, bucket, counted }) =>
    journey.stages.flatMap(({ id }, index) => {
      const own = counted.filter(({ visit }) => visit.stage === index + 1);
      const names = new Set(own.flatMap(({ path }) => path.map(({ touchpoint }) => touchpoint)));
      return [...names].sort().map((name) => ({ segment, bucket, stage: id, ...touchpointOf(own, name) }));
    }),
  );
}
