import type { JourneyLossesRow } from '@michinori/client';

/** The losses of a stage: all of them, and what they are made of. */
export interface StageLosses {
  all: JourneyLossesRow;
  /** Silence first, then the reasons, the most frequent first. */
  parts: readonly JourneyLossesRow[];
}

/** Rows of `/losses` by stage, in the order of the journey; stages without a loss are left out. */
export function lossesByStage(rows: readonly JourneyLossesRow[]): StageLosses[] {
  const totals = rows.filter(({ kind, lost }) => kind === 'all' && lost > 0).sort((a, b) => a.position - b.position);
  return totals.map((all) => {
    const own = rows.filter(({ kind, stage, k }) => kind !== 'all' && stage === all.stage && k > 0);
    const order = ({ kind, k }: JourneyLossesRow) => (kind === 'silent' ? Number.POSITIVE_INFINITY : k);
    return { all, parts: own.sort((a, b) => (order(a) === order(b) ? 0 : order(b) - order(a))) };
  });
}

/** The silent losses of the stage that has most of them. */
export function mostSilent(rows: readonly JourneyLossesRow[]): JourneyLossesRow | null {
  const [most] = rows.filter(({ kind, k }) => kind === 'silent' && k > 0).sort((a, b) => b.k - a.k);
  return most ?? null;
}
