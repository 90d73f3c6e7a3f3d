import type { HealthScore, LedgerLine } from './score-customer.ts';

/** A line of the ledger whose points differ between two evaluations; 0 where it didn't stand. */
export interface Movement {
  readonly line: LedgerLine['line'];
  /** Null for the start and the clamp. */
  readonly rule: string | null;
  readonly from: number;
  readonly to: number;
}

function pointsOf(score: HealthScore | null): Map<string, Omit<Movement, 'from' | 'to'> & { points: number }> {
  return new Map(
    (score?.ledger ?? []).map((entry) => {
      const rule = entry.line === 'rule' ? entry.rule : null;
      return [`${entry.line} ${rule ?? ''}`, { line: entry.line, rule, points: entry.points }];
    }),
  );
}

/**
 * What moved a score since the evaluation before (null: all of it), the largest change first, equal ones by name. The
 * differences add up to that of the scores.
 */
export function movementsOf(before: HealthScore | null, now: HealthScore): Movement[] {
  const [old, current] = [pointsOf(before), pointsOf(now)];
  return [...new Map([...old, ...current])]
    .map(([key, { line, rule }]) => ({
      line,
      rule,
      from: old.get(key)?.points ?? 0,
      to: current.get(key)?.points ?? 0,
    }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from) || compareNames(a, b));
}

function compareNames(a: Movement, b: Movement): number {
  const [first, second] = [`${a.line} ${a.rule ?? ''}`, `${b.line} ${b.rule ?? ''}`];
  return first < second ? -1 : first > second ? 1 : 0;
}
