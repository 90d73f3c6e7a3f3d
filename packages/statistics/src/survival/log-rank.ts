import { chiSquareSurvival } from './chi-square.ts';
import type { Cause } from './incidence-walk.ts';
import { type RiskColumns, type RiskTable, riskColumns } from './risk-table.ts';

export interface LogRankGroup {
  readonly n: number;
  readonly observed: number;
  /** Events expected if all groups had the same hazard at every time. */
  readonly expected: number;
}

export interface LogRank {
  readonly chiSquare: number;
  /** Number of independent comparisons: groups minus 1, less for groups that are never at risk together. */
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  readonly groups: readonly LogRankGroup[];
}

export interface LogRankOptions {
  readonly event?: Cause;
  /** Later events are left out. */
  readonly untilSeconds?: number;
}

function sumOf(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/** u' V⁻ u and the rank of V, by symmetric elimination with the largest pivot first. V and u are overwritten. */
function quadraticForm(v: Float64Array, u: Float64Array): { value: number; rank: number } {
  const size = u.length;
  const at = (i: number, j: number) => v[i * size + j] ?? 0;
  const open = new Set(u.keys());
  let smallest = 0;
  for (const i of open) smallest = Math.max(smallest, 1e-9 * at(i, i));
  let value = 0;
  let rank = 0;
  while (open.size > 0) {
    let pivot = -1;
    for (const i of open) if (pivot < 0 || at(i, i) > at(pivot, pivot)) pivot = i;
    const diagonal = at(pivot, pivot);
    if (!(diagonal > smallest)) break;
    open.delete(pivot);
    const score = u[pivot] ?? 0;
    value += (score * score) / diagonal;
    rank++;
    for (const i of open) {
      const factor = at(i, pivot) / diagonal;
      u[i] = (u[i] ?? 0) - factor * score;
      for (const j of open) v[i * size + j] = at(i, j) - factor * at(pivot, j);
    }
  }
  return { value, rank };
}

/** Calls `onTime` for each distinct time of all groups, ascending, with the events and the numbers at risk per group. */
function walkTogether(
  groups: readonly RiskColumns[],
  { event, untilSeconds }: Required<LogRankOptions>,
  onTime: (events: Float64Array, atRisk: Float64Array) => void,
): void {
  const rows = groups.map(() => 0);
  const events = new Float64Array(groups.length);
  const atRisk = new Float64Array(groups.length);
  for (;;) {
    let now = Infinity;
    for (let g = 0; g < groups.length; g++) now = Math.min(now, groups[g]?.seconds[rows[g] ?? 0] ?? Infinity);
    if (now === Infinity || now > untilSeconds) return;
    for (let g = 0; g < groups.length; g++) {
      const row = rows[g] ?? 0;
      const isHere = groups[g]?.seconds[row] === now;
      events[g] = isHere ? (groups[g]?.[event][row] ?? 0) : 0;
      atRisk[g] = groups[g]?.atRisk[row] ?? 0;
      if (isHere) rows[g] = row + 1;
    }
    onTime(events, atRisk);
  }
}

/**
 * Log-rank test of equal hazards of the event (advancing, unless said otherwise) in two or more groups, on exact times
 * (Mantel, 1966; Peto & Peto, 1972), with the hypergeometric covariance of tied events; the other outcome and open
 * customers are censored, so it compares how fast those move who are still there. Nothing to compare gives
 * chiSquare 0, degreesOfFreedom 0, pValue 1; fewer than two groups is a `RangeError`.
 */
export function logRank(tables: readonly RiskTable[], options: LogRankOptions = {}): LogRank {
  return logRankOf(tables.map(riskColumns), options);
}

/** `logRank` of tables that are in columns already. */
export function logRankOf(groups: readonly RiskColumns[], options: LogRankOptions = {}): LogRank {
  const { event = 'advanced', untilSeconds = Infinity } = options;
  if (groups.length < 2) throw new RangeError('a log-rank test needs two groups');
  const size = groups.length;
  const observed = new Float64Array(size);
  const expected = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  walkTogether(groups, { event, untilSeconds }, (events, atRisk) => {
    const d = sumOf(events);
    if (d === 0) return;
    const n = sumOf(atRisk);
    const spread = n > 1 ? (d * (n - d)) / (n - 1) : 0;
    for (let i = 0; i < size; i++) {
      const share = (atRisk[i] ?? 0) / n;
      observed[i] = (observed[i] ?? 0) + (events[i] ?? 0);
      expected[i] = (expected[i] ?? 0) + d * share;
      if (spread === 0) continue;
      for (let j = 0; j < size; j++) {
        const cell = i * size + j;
        covariance[cell] = (covariance[cell] ?? 0) + spread * share * ((i === j ? 1 : 0) - (atRisk[j] ?? 0) / n);
      }
    }
  });
  const scores = observed.map((count, i) => count - (expected[i] ?? 0));
  const { value, rank } = quadraticForm(covariance, scores);
  return {
    chiSquare: value,
    degreesOfFreedom: rank,
    pValue: rank === 0 ? 1 : chiSquareSurvival(value, rank),
    groups: groups.map(({ total }, i) => ({ n: total, observed: observed[i] ?? 0, expected: expected[i] ?? 0 })),
  };
}
