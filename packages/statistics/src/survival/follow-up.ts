import { assertSeconds, type RiskColumns, type RiskTable, riskColumns, rowsUpTo } from './risk-table.ts';

/** How far a cohort has been watched, judged at a time after entry. */
export interface FollowUp {
  readonly n: number;
  /** Customers with a time of `seconds` or later. */
  readonly atRisk: number;
  /** Share of customers whose state at `seconds` is known: outcome before, or watched that long. 0 without customers. */
  readonly matureShare: number;
  /**
   * Estimated share that was, or without its outcome would have been, watched that long: Kaplan–Meier with outcome and
   * censoring exchanged (Schemper & Smith, 1996). Unlike `matureShare`, quick outcomes don't raise it.
   */
  readonly watchedShare: number;
}

/** Judges the follow-up of a cohort `seconds` after entry; who is censored exactly then was watched that long. */
export function followUp(table: RiskTable, seconds: number): FollowUp {
  return followUpOf(riskColumns(table), seconds);
}

/** `followUp` of a table that is in columns already. */
export function followUpOf(columns: RiskColumns, seconds: number): FollowUp {
  assertSeconds(seconds);
  const { total, censored, advanced, lost } = columns;
  let censoredBefore = 0;
  let watchedShare = total === 0 ? 0 : 1;
  let row = 0;
  for (; row < columns.seconds.length && (columns.seconds[row] ?? Infinity) < seconds; row++) {
    const open = censored[row] ?? 0;
    if (open === 0) continue;
    censoredBefore += open;
    watchedShare *= 1 - open / ((columns.atRisk[row] ?? open) - (advanced[row] ?? 0) - (lost[row] ?? 0));
  }
  return {
    n: total,
    atRisk: columns.atRisk[row] ?? 0,
    matureShare: total === 0 ? 0 : (total - censoredBefore) / total,
    watchedShare,
  };
}

/**
 * The largest horizon, in seconds, at which at least `atRiskMin` customers (1 unless given) are still at risk: up to
 * there curves and restricted means can be estimated. Infinity when the cohort is settled (nobody open at its end),
 * because then the curves stay as they are; 0 when there is no such time.
 */
export function largestTau(table: RiskTable, atRiskMin = 1): number {
  const { seconds, atRisk, censored } = riskColumns(table);
  const last = seconds.length - 1;
  if (last >= 0 && censored[last] === 0) return Infinity;
  let row = last;
  while (row >= 0 && (atRisk[row] ?? 0) < atRiskMin) row--;
  return seconds[row] ?? 0;
}

/** Customers at risk at `time`: those with a time of `time` or later. */
export function atRiskAt(columns: RiskColumns, time: number): number {
  const upTo = rowsUpTo(columns.seconds, time);
  const row = columns.seconds[upTo - 1] === time ? upTo - 1 : upTo;
  return columns.atRisk[row] ?? 0;
}
