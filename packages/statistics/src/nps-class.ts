export const npsClasses = ['promoter', 'passive', 'detractor'] as const;
export type NpsClass = (typeof npsClasses)[number];

/** Class of an answer 0 … 10 (Reichheld, 2003): promoter 9–10, passive 7–8, detractor 0–6. */
export function npsClass(score: number): NpsClass {
  if (!Number.isSafeInteger(score) || score < 0 || score > 10) throw new RangeError(`not an NPS answer: ${score}`);
  if (score >= 9) return 'promoter';
  return score >= 7 ? 'passive' : 'detractor';
}

/** `count` customers (1 if not given) who answered as `before` and then as `after`. */
export interface NpsMove {
  readonly before: NpsClass;
  readonly after: NpsClass;
  readonly count?: number;
}

export interface NpsMovement {
  readonly n: number;
  /** counts[before][after]. */
  readonly counts: Readonly<Record<NpsClass, Readonly<Record<NpsClass, number>>>>;
  /** Of those who were `before`, the share that is now `after`; null for a class nobody was in. */
  readonly shares: Readonly<Record<NpsClass, Readonly<Record<NpsClass, number>> | null>>;
  /** Customers who moved to a better, or to a worse, class. */
  readonly risen: number;
  readonly fallen: number;
}

const row = <T>(cell: (column: NpsClass) => T): Record<NpsClass, T> => ({
  promoter: cell('promoter'),
  passive: cell('passive'),
  detractor: cell('detractor'),
});

/** How customers who answered twice moved between the classes: counts and shares of each former class. */
export function npsMovement(moves: Iterable<NpsMove>): NpsMovement {
  const counts = row(() => row(() => 0));
  let [n, risen, fallen] = [0, 0, 0];
  for (const { before, after, count = 1 } of moves) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count: ${count}`);
    counts[before][after] += count;
    n += count;
    const fall = npsClasses.indexOf(after) - npsClasses.indexOf(before);
    if (fall < 0) risen += count;
    if (fall > 0) fallen += count;
  }
  const shares = row((before) => {
    const total = npsClasses.reduce((sum, after) => sum + counts[before][after], 0);
    return total === 0 ? null : row((after) => counts[before][after] / total);
  });
  return { n, counts, shares, risen, fallen };
}
