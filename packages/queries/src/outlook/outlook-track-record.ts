import type { ClickHouse } from '@michinori/clickhouse';
import { titleOf } from '@michinori/journey';
import { type Backtest, backtestNextStep, type CalibrationRow, type OutcomeBacktest } from '@michinori/statistics';
import { openStages } from '../journey/open-stages.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { horizonsUs } from '../journey/stage-cohorts.ts';
import type { StagesOptions } from '../journey/stages.ts';
import { learningScope } from './outlook-scope.ts';
import { type JudgedVisit, type PastVisits, readPastVisits } from './past-visits.ts';

/** Forecasts of a stage's open visits at past moments against what happened; see `docs/outlook.md`. */
export interface OutlookRecordRow {
  readonly stage: string;
  readonly title: string;
  readonly position: number;
  readonly horizonSeconds: number;
  readonly cuts: number;
  readonly visits: number;
  readonly forecasts: number;
  readonly unknown: number;
  /** Share of the range's visits that were looked at: below 1 in large stages. */
  readonly sampledShare: number | null;
  readonly brier: number | null;
  readonly brierBase: number | null;
  readonly skill: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly verdict: Backtest['verdict'];
  readonly advancedAuc: number | null;
  readonly advancedAucLo: number;
  readonly advancedAucHi: number;
  readonly advancedCalibrationP: number;
  readonly lostAuc: number | null;
  readonly lostAucLo: number;
  readonly lostAucHi: number;
  readonly lostCalibrationP: number;
}

/** Forecasts of about the same share: what was said, and what happened. */
export interface OutlookCalibrationRow extends CalibrationRow {
  readonly stage: string;
  readonly position: number;
  readonly outcome: 'advanced' | 'lost';
}

export interface OutlookRecord {
  readonly rows: readonly OutlookRecordRow[];
  readonly calibration: readonly OutlookCalibrationRow[];
}

const cutsMax = 12;

/**
 * Moments to forecast from, µs, ascending: one horizon before the end of what is known, and earlier ones at equal distances of a
 * horizon or more, at most twelve; the first has at least one horizon of the range before it.
 */
export function pastCutsUs(fromUs: number, endUs: number, horizonUs: number): number[] {
  const step = Math.max(horizonUs, Math.floor((endUs - fromUs) / cutsMax));
  const cuts: number[] = [];
  for (let cut = endUs - horizonUs; cut >= fromUs + horizonUs && cuts.length < cutsMax; cut -= step) cuts.push(cut);
  return cuts.reverse();
}

interface StageBacktest {
  readonly advanced: Backtest;
  readonly lost: Backtest;
}

/** Returning competes with both outcomes, as in the forecasts: it is the other one of that which is judged. Pure. */
export function backtestStage(
  visits: readonly JudgedVisit[],
  { fromUs, asOfUs, horizonUs }: { readonly fromUs: number; readonly asOfUs: number; readonly horizonUs: number },
): StageBacktest {
  const options = {
    cutsSeconds: pastCutsUs(fromUs, asOfUs, horizonUs).map((us) => us / 1e6),
    horizonSeconds: horizonUs / 1e6,
    asOfSeconds: asOfUs / 1e6,
  };
  const judged = (returnedAs: 'advanced' | 'lost'): Backtest =>
    backtestNextStep(
      visits.map(({ outcome, ...visit }) => ({ ...visit, outcome: outcome === 'returned' ? returnedAs : outcome })),
      options,
    );
  const advanced = judged('lost');
  return { advanced, lost: visits.some(({ outcome }) => outcome === 'returned') ? judged('advanced') : advanced };
}

/** The back-test of the outlook of every stage; a stage at a time, so that other questions get their turn. */
export async function runOutlookTrackRecord(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { horizonUs, language = 'en', ...options }: StagesOptions = {},
): Promise<OutlookRecord> {
  const horizons = horizonsUs(scope, horizonUs);
  const rows: OutlookRecordRow[] = [];
  const calibration: OutlookCalibrationRow[] = [];
  for (const position of openStages(scope)) {
    const stage = scope.journey.stages[position - 1];
    if (stage === undefined) continue;
    const past = await readPastVisits(clickhouse, scope, position, options);
    const { fromUs } = learningScope(scope);
    const asked = { fromUs, asOfUs: scope.asOfUs, horizonUs: horizons[position - 1] ?? stage.horizonUs };
    const result = backtestStage(past.visits, asked);
    const title = titleOf(stage.title, stage.id, language);
    rows.push({ stage: stage.id, title, position, ...recordOf(result, past, asked.horizonUs) });
    const head = { stage: stage.id, position };
    calibration.push(...calibrationOf(head, 'advanced', result.advanced.advanced));
    calibration.push(...calibrationOf(head, 'lost', result.lost.lost));
  }
  return { rows, calibration };
}

function recordOf({ advanced, lost }: StageBacktest, { total, visits }: PastVisits, horizonUs: number) {
  const [up, down] = [advanced.advanced, lost.lost];
  return {
    horizonSeconds: horizonUs / 1e6,
    cuts: advanced.cuts,
    visits: advanced.visits,
    forecasts: advanced.forecasts,
    unknown: advanced.unknown,
    sampledShare: total === 0 ? null : visits.length / total,
    brier: advanced.brier,
    brierBase: advanced.brierBase,
    skill: advanced.skill,
    lo: advanced.lo,
    hi: advanced.hi,
    verdict: advanced.verdict,
    advancedAuc: up.discrimination.auc,
    advancedAucLo: up.discrimination.lo,
    advancedAucHi: up.discrimination.hi,
    advancedCalibrationP: up.calibrationTest.pValue,
    lostAuc: down.discrimination.auc,
    lostAucLo: down.discrimination.lo,
    lostAucHi: down.discrimination.hi,
    lostCalibrationP: down.calibrationTest.pValue,
  };
}

function calibrationOf(
  head: { readonly stage: string; readonly position: number },
  outcome: 'advanced' | 'lost',
  { calibration }: OutcomeBacktest,
): OutlookCalibrationRow[] {
  return calibration.map((row) => ({ ...head, outcome, ...row }));
}
