import type { Counted } from './journey-cohort.ts';
import type { VisitOutcome } from './journey-walk.ts';

/** How many visits ended in which way, as of the question's instant. */
export interface OutcomeCounts {
  readonly advanced: number;
  readonly returned: number;
  /** By an exit rule. */
  readonly lost: number;
  /** By silence. */
  readonly silent: number;
  readonly completed: number;
  readonly open: number;
}

function countOf(counted: readonly Counted[], outcome: VisitOutcome): number {
  return counted.filter(({ visit }) => visit.outcome === outcome).length;
}

export function outcomesOf(counted: readonly Counted[]): OutcomeCounts {
  return {
    advanced: countOf(counted, 'advanced'),
    returned: countOf(counted, 'returned'),
    lost: countOf(counted, 'lost'),
    silent: countOf(counted, 'silent'),
    completed: countOf(counted, 'completed'),
    open: countOf(counted, 'open'),
  };
}
