import type { Interval } from '../proportion.ts';
import { aalenJohansen } from '../survival/aalen-johansen.ts';
import { assertSeconds, type RiskRow, type RiskTable } from '../survival/risk-table.ts';
import { incidenceTable, landmarkFor, type StepShares, sharesAfter } from './incidence-table.ts';

export interface OutlookQuestion {
  /** How long the customer has been in the stage. */
  readonly spentSeconds: number;
  /** How far to look from now. */
  readonly horizonSeconds: number;
  readonly level?: number;
  /** Customers who have to be left at a landmark; 30 unless given. */
  readonly atRiskMin?: number;
}

/** What becomes of an open visit within the horizon. */
export interface Outlook {
  /** `insufficient`: too few visits were watched for as long as the horizon. */
  readonly state: 'ok' | 'insufficient';
  /** Null unless `ok`; they add up to 1. */
  readonly shares: StepShares | null;
  readonly advanced: Interval;
  readonly lost: Interval;
  readonly staying: Interval;
  /** Before the time spent if too few stayed that long, or too short ago: the forecast then is that of who had spent this. */
  readonly landmarkSeconds: number | null;
  /** Visits that were left at the landmark. */
  readonly atRisk: number;
}

/** The part of a cohort that was in the stage for longer than `seconds`, with its time counted from there. */
export function landmarked(table: RiskTable, seconds: number): RiskRow[] {
  return table.filter((row) => row.seconds > seconds).map((row) => ({ ...row, seconds: row.seconds - seconds }));
}

function goneEitherWay({ seconds, advanced, lost, censored }: RiskRow): RiskRow {
  return { seconds, advanced: advanced + lost, lost: 0, censored };
}

/**
 * Probability that an open visit will have advanced, been lost or stay where it is within the horizon, given the time already
 * spent: the Aalen–Johansen estimate among the visits of the past that had lasted as long (landmarking; van Houwelingen & Putter,
 * 2012), with its Greenwood-type intervals.
 *
 * @throws RangeError for times that are negative or not finite, a horizon of 0
 */
export function outlook(table: RiskTable, question: OutlookQuestion): Outlook {
  const { spentSeconds, horizonSeconds, level = 0.95, atRiskMin = 30 } = question;
  assertHorizon(spentSeconds, horizonSeconds);
  const incidence = incidenceTable(table);
  const landmarkSeconds = landmarkFor(incidence, spentSeconds, horizonSeconds, atRiskMin);
  if (landmarkSeconds === null) return noOutlook;
  const cohort = landmarked(table, landmarkSeconds);
  const left = aalenJohansen(cohort, { level });
  const gone = aalenJohansen(cohort.map(goneEitherWay), { level }).advanced.at(horizonSeconds);
  const intervalOf = ({ lo, hi }: Interval): Interval => ({ lo, hi });
  return {
    state: 'ok',
    shares: sharesAfter(incidence, landmarkSeconds, horizonSeconds),
    advanced: intervalOf(left.advanced.at(horizonSeconds)),
    lost: intervalOf(left.lost.at(horizonSeconds)),
    staying: { lo: 1 - gone.hi, hi: 1 - gone.lo },
    landmarkSeconds,
    atRisk: incidence.beyond(landmarkSeconds),
  };
}

export const noOutlook: Outlook = {
  state: 'insufficient',
  shares: null,
  advanced: { lo: 0, hi: 1 },
  lost: { lo: 0, hi: 1 },
  staying: { lo: 0, hi: 1 },
  landmarkSeconds: null,
  atRisk: 0,
};

/** Throws a `RangeError` unless both are times and the horizon is above 0. */
export function assertHorizon(spentSeconds: number, horizonSeconds: number): void {
  assertSeconds(spentSeconds);
  assertSeconds(horizonSeconds);
  if (horizonSeconds === 0) throw new RangeError('a horizon of 0 s');
}
