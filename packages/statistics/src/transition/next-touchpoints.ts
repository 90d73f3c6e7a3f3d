import { betaQuantile } from '../beta.ts';
import type { Interval } from '../proportion.ts';

/** How often one touchpoint followed another within visits to a stage; `from` null: the touchpoint that a visit began with. */
export interface TouchpointStep {
  readonly from: string | null;
  readonly to: string;
  readonly count: number;
}

export interface NextTouchpoint extends Interval {
  readonly touchpoint: string;
  readonly probability: number;
  /** How often it followed. */
  readonly count: number;
}

export interface NextTouchpoints {
  /** The likeliest first, equal ones by name; at most `limit`. */
  readonly rows: readonly NextTouchpoint[];
  /** How often anything followed the last touchpoint; 0: the stage's frequencies are all there is. */
  readonly seen: number;
}

export interface TouchpointModel {
  /** What the stage's frequencies count for, in steps. */
  readonly strength: number;
  next(last: string | null, options?: { readonly limit?: number; readonly level?: number }): NextTouchpoints;
  probability(last: string | null, touchpoint: string): number;
}

const [LOG_STRENGTH_MIN, LOG_STRENGTH_MAX] = [Math.log(1e-2), Math.log(1e6)];
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * What comes next in a stage, given the last touchpoint: a Markov chain of order 1 whose rows are drawn towards the stage's overall
 * frequencies, (n_ij + κ·q_j) ÷ (n_i + κ) (MacKay & Peto, 1995). κ maximises the leave-one-out likelihood; after a touchpoint that
 * was never seen before, q is all there is. Times between touchpoints play no part.
 *
 * @throws RangeError for counts that aren't whole or are negative, and steps that stand twice
 */
export function touchpointModel(steps: readonly TouchpointStep[]): TouchpointModel {
  const rows = new Map<string | null, Map<string, number>>();
  const overall = new Map<string, number>();
  for (const { from, to, count } of steps) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count: ${count}`);
    const row = rows.get(from) ?? new Map<string, number>();
    rows.set(from, row);
    if (row.has(to)) throw new RangeError(`the step from ${from} to ${to} stands twice`);
    row.set(to, count);
    overall.set(to, (overall.get(to) ?? 0) + count);
  }
  const total = sumOf(overall);
  const sums = new Map([...rows].map(([from, row]) => [from, sumOf(row)]));
  const strength = strengthOf(rows, sums, overall, total);

  function probability(last: string | null, touchpoint: string): number {
    if (total === 0) return 0;
    const count = rows.get(last)?.get(touchpoint) ?? 0;
    return (count + (strength * (overall.get(touchpoint) ?? 0)) / total) / ((sums.get(last) ?? 0) + strength);
  }

  return {
    strength,
    probability,
    next(last, { limit = 10, level = 0.95 } = {}) {
      const seen = sums.get(last) ?? 0;
      const worth = Math.min(seen + strength, total);
      const likeliest = [...overall.keys()]
        .map((touchpoint) => ({ touchpoint, probability: probability(last, touchpoint) }))
        .filter((each) => each.probability > 0)
        .sort((a, b) => b.probability - a.probability || (a.touchpoint < b.touchpoint ? -1 : 1));
      return {
        seen,
        rows: likeliest.slice(0, limit).map((each) => {
          const [a, b] = [each.probability * worth + 0.5, (1 - each.probability) * worth + 0.5];
          const [lo, hi] = [betaQuantile((1 - level) / 2, a, b), betaQuantile((1 + level) / 2, a, b)];
          return { ...each, lo, hi, count: rows.get(last)?.get(each.touchpoint) ?? 0 };
        }),
      };
    },
  };
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** κ with the greatest likelihood of each step given all others, by golden section over log κ. */
function strengthOf(
  rows: ReadonlyMap<string | null, ReadonlyMap<string, number>>,
  sums: ReadonlyMap<string | null, number>,
  overall: ReadonlyMap<string, number>,
  total: number,
): number {
  const cells = [...rows].flatMap(([from, row]) =>
    [...row].flatMap(([to, count]) => {
      const others = (overall.get(to) ?? 0) - 1;
      // A touchpoint that was seen once is impossible without that step, whatever the strength.
      return count === 0 || others === 0 ? [] : [{ count, sum: sums.get(from) ?? 0, share: others / (total - 1) }];
    }),
  );
  if (cells.length === 0) return 1;
  const likelihood = (logStrength: number): number => {
    const strength = Math.exp(logStrength);
    return cells.reduce((logs, { count, sum, share }) => {
      return logs + count * Math.log((count - 1 + strength * share) / (sum - 1 + strength));
    }, 0);
  };
  let [low, high] = [LOG_STRENGTH_MIN, LOG_STRENGTH_MAX];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [likelihood(left), likelihood(right)];
  while (high - low > 1e-6) {
    if (atLeft >= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = likelihood(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = likelihood(right);
    }
  }
  return Math.exp((low + high) / 2);
}
