import type { Journey } from '@michinori/journey';
import { wilson } from '@michinori/statistics';
import { withComparison } from './funnel-answer.ts';
import type { EventCopy } from './funnel-timeline.ts';
import { type CohortQuestion, cellsOf, referenceCohort } from './journey-cohort.ts';
import { type OutcomeCounts, outcomesOf } from './journey-outcomes.ts';

/** What became of the visits to a stage: counts of visits (or of units, at their first) as of the question's instant. */
export interface StageRow extends OutcomeCounts {
  readonly segment: string | null;
  readonly bucket: number | null;
  /** From 1. */
  readonly step: number;
  readonly stage: string;
  /** Advanced or completed within the horizon after entry. */
  readonly k: number;
  readonly n: number;
  readonly rate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly matureShare: number | null;
  readonly state: 'insufficient' | 'immature' | 'ok';
  readonly pValue: number | null;
  readonly qValue: number | null;
}

/** A row per segment, bucket and stage. Estimates for immature cohorts aren't part of it. */
export function referenceStages(journey: Journey, copies: readonly EventCopy[], question: CohortQuestion): StageRow[] {
  const cells = cellsOf(journey, referenceCohort(journey, copies, question), question);
  const rows = cells.flatMap(({ segment, bucket, counted }) =>
    journey.stages.map(({ id }, index): StageRow => {
      const own = counted.filter(({ visit }) => visit.stage === index + 1);
      const [k, n] = [own.filter(({ isAdvanced }) => isAdvanced).length, own.length];
      const interval = n === 0 ? null : wilson(k, n);
      const matureShare = n === 0 ? null : own.filter(({ isMature }) => isMature).length / n;
      return {
        segment,
        bucket,
        step: index + 1,
        stage: id,
        ...outcomesOf(own),
        k,
        n,
        rate: n === 0 ? null : k / n,
        lo: interval?.lo ?? null,
        hi: interval?.hi ?? null,
        matureShare,
        state: n < 30 ? 'insufficient' : (matureShare ?? 1) < 0.8 ? 'immature' : 'ok',
        pValue: null,
        qValue: null,
      };
    }),
  );
  return withComparison(rows, rows, 1);
}
