import { brierSkill } from '../prediction/brier-skill.ts';
import {
  type CalibrationRow,
  type CalibrationTest,
  calibrationTable,
  spiegelhalter,
} from '../prediction/calibration.ts';
import { type Discrimination, discrimination } from '../prediction/discrimination.ts';
import type { Forecast } from '../prediction/forecast.ts';
import { type Duration, riskTable } from '../survival/risk-table.ts';
import type { StepShares } from './incidence-table.ts';
import { segmentOutlooks } from './segment-outlooks.ts';

/** A visit to the stage. Times are seconds of one clock. */
export interface PastVisit {
  readonly enteredSeconds: number;
  /** Null while open. */
  readonly endedSeconds: number | null;
  readonly outcome: 'advanced' | 'lost' | 'open';
  /** `''` without segments. */
  readonly segment: string;
}

export interface BacktestOptions {
  /** Moments, in any order, at which forecasts are made from what was known by then; all visits open then are forecast. */
  readonly cutsSeconds: readonly number[];
  readonly horizonSeconds: number;
  /** Up to when outcomes are known: cuts whose horizon ends later are left out. */
  readonly asOfSeconds: number;
  readonly atRiskMin?: number;
  readonly level?: number;
}

export interface OutcomeBacktest {
  readonly calibration: readonly CalibrationRow[];
  /** Over the first forecast of each visit. */
  readonly calibrationTest: CalibrationTest;
  readonly discrimination: Discrimination;
}

export interface Backtest {
  /** Cuts that could be judged. */
  readonly cuts: number;
  /** Visits that were forecast at least once, all forecasts, and open visits for which too little was known. */
  readonly visits: number;
  readonly forecasts: number;
  readonly unknown: number;
  /** Mean over visits of Σ (share − outcome)² over advanced, lost, staying: 0 … 2. Null without forecasts. */
  readonly brier: number | null;
  /** The same for who always says the shares with which the outcomes came: a base rate that nobody could know beforehand. */
  readonly brierBase: number | null;
  /** 1 − brier/brierBase, with the interval of the mean difference over visits. */
  readonly skill: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** `skill` only if the interval lies above 0. Below 30 visits nothing is claimed. */
  readonly verdict: 'skill' | 'no_skill' | 'insufficient';
  readonly advanced: OutcomeBacktest;
  readonly lost: OutcomeBacktest;
}

type Outcome = keyof StepShares;

interface Judged {
  readonly visit: number;
  readonly shares: StepShares;
  readonly outcome: Outcome;
}

const outcomes: readonly Outcome[] = ['advanced', 'lost', 'staying'];

function isOpenAt({ enteredSeconds, endedSeconds }: PastVisit, seconds: number): boolean {
  return enteredSeconds < seconds && (endedSeconds === null || endedSeconds > seconds);
}

/** What had become of a visit by a moment. */
function outcomeBy({ endedSeconds, outcome }: PastVisit, seconds: number): Outcome {
  return outcome === 'open' || endedSeconds === null || endedSeconds > seconds ? 'staying' : outcome;
}

function durationAt(visit: PastVisit, seconds: number): Duration {
  const outcome = outcomeBy(visit, seconds);
  const until = outcome === 'staying' ? seconds : (visit.endedSeconds ?? seconds);
  return { seconds: until - visit.enteredSeconds, outcome: outcome === 'staying' ? 'open' : outcome };
}

/** The forecasts of one cut, from nothing but what was known then. */
function judgeCut(
  visits: readonly PastVisit[],
  cut: number,
  { horizonSeconds, atRiskMin = 30 }: BacktestOptions,
): { judged: Judged[]; unknown: number } {
  const bySegment = new Map<string, Duration[]>();
  for (const visit of visits) {
    if (visit.enteredSeconds >= cut) continue;
    const durations = bySegment.get(visit.segment) ?? [];
    bySegment.set(visit.segment, durations);
    durations.push(durationAt(visit, cut));
  }
  const tables = new Map([...bySegment].map(([segment, durations]) => [segment, riskTable(durations)]));
  const forecaster = segmentOutlooks(tables, { horizonSeconds, atRiskMin });
  const judged: Judged[] = [];
  let unknown = 0;
  for (const [index, visit] of visits.entries()) {
    if (!isOpenAt(visit, cut)) continue;
    const shares = forecaster.shares(visit.segment, cut - visit.enteredSeconds);
    if (shares === null) unknown += 1;
    else judged.push({ visit: index, shares, outcome: outcomeBy(visit, cut + horizonSeconds) });
  }
  return { judged, unknown };
}

function meanOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}

/** How often each outcome came, a visit counting once. */
function baseShares(byVisit: readonly (readonly Judged[])[]): StepShares {
  const share = (wanted: Outcome): number =>
    meanOf(byVisit, (own) => meanOf(own, ({ outcome }) => (outcome === wanted ? 1 : 0)));
  return { advanced: share('advanced'), lost: share('lost'), staying: share('staying') };
}

function brierOf(shares: StepShares, outcome: Outcome): number {
  return outcomes.reduce((sum, each) => sum + (shares[each] - (each === outcome ? 1 : 0)) ** 2, 0);
}

/**
 * Forecasts the next step of all visits that were open at past moments, from what was known then (`segmentOutlooks`), and
 * compares with what happened within the horizon. A visit that is forecast at several cuts counts once: its means.
 * Multi-category score of Brier (1950). The base rate is that of the judged visits themselves (Murphy, 1973): a forecast that doesn't
 * tell visits apart can't beat it, however well it knows the average.
 *
 * @throws RangeError for visits that end before they begin, and a horizon that isn't above 0
 */
export function backtestNextStep(visits: readonly PastVisit[], options: BacktestOptions): Backtest {
  const { cutsSeconds, horizonSeconds, asOfSeconds, level = 0.95 } = options;
  for (const { enteredSeconds, endedSeconds } of visits)
    if (endedSeconds !== null && !(endedSeconds >= enteredSeconds))
      throw new RangeError(`a visit from ${enteredSeconds} s to ${endedSeconds} s`);
  const cuts = cutsSeconds.filter((cut) => cut + horizonSeconds <= asOfSeconds).sort((a, b) => a - b);
  const results = cuts.map((cut) => judgeCut(visits, cut, options));
  const judged = results.flatMap((result) => result.judged);
  const byVisit = new Map<number, Judged[]>();
  for (const each of judged) byVisit.set(each.visit, [...(byVisit.get(each.visit) ?? []), each]);
  const base = baseShares([...byVisit.values()]);
  const scores = [...byVisit.values()].map((own) => ({
    brier: meanOf(own, ({ shares, outcome }) => brierOf(shares, outcome)),
    base: meanOf(own, ({ outcome }) => brierOf(base, outcome)),
  }));
  const first = [...byVisit.values()].flatMap((own) => own.slice(0, 1));
  return {
    cuts: cuts.length,
    visits: scores.length,
    forecasts: judged.length,
    unknown: results.reduce((sum, { unknown }) => sum + unknown, 0),
    ...brierSkill(scores, level),
    advanced: outcomeBacktest(first, 'advanced', level),
    lost: outcomeBacktest(first, 'lost', level),
  };
}

function outcomeBacktest(judged: readonly Judged[], outcome: 'advanced' | 'lost', level: number): OutcomeBacktest {
  const forecasts: Forecast[] = judged.map((each) => ({
    probability: Math.min(1, Math.max(0, each.shares[outcome])),
    happened: each.outcome === outcome,
  }));
  const values = (wanted: boolean): number[] =>
    forecasts.filter(({ happened }) => happened === wanted).map(({ probability }) => probability);
  return {
    calibration: calibrationTable(forecasts, 10, level),
    calibrationTest: spiegelhalter(forecasts),
    discrimination: discrimination(values(true), values(false), level),
  };
}
