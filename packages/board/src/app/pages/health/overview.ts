import type { JourneyHealthRow } from '@michinori/client';

/** Columns of `/health` that count scores, from the lowest. */
export const scoreBands = ['from0', 'from20', 'from40', 'from60', 'from80'] as const;

const enough = 30;

/** The stage (or the segment of one) with the largest share below the threshold, among those with enough customers; null where nobody is at risk. */
export function mostAtRisk(rows: readonly JourneyHealthRow[]): JourneyHealthRow | null {
  const [worst] = rows.filter(({ n, k }) => n >= enough && k > 0).sort((a, b) => (b.rate ?? 0) - (a.rate ?? 0));
  return worst ?? null;
}
