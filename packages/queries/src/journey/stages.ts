import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type Stage, titleOf } from '@michinori/journey';
import { runBound } from '../funnel/bound-query.ts';
import { bucketsOf, type Cell, cellKey, cellsOf } from './cells.ts';
import { againstOthers, qValuesOf, sumsOf } from './compared.ts';
import { goalsMet, goalText } from './goals.ts';
import { readIncidence } from './incidence.ts';
import { complement, maturity, type RateState, rateOf } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import { horizonsUs, type StageCohort, stageCohorts } from './stage-cohorts.ts';

/** What became of the visits to a stage; every column is explained in `docs/journeys.md`. Rates 0…1, times in seconds. */
export interface StageRow extends Cell {
  readonly stage: string;
  readonly title: string;
  /** Place in the journey, from 1. */
  readonly position: number;
  readonly entered: number;
  readonly advanced: number;
  readonly lost: number;
  readonly lostSilent: number;
  readonly lostExit: number;
  readonly returned: number;
  readonly open: number;
  readonly completed: number;
  readonly k: number;
  readonly n: number;
  readonly rate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly dropOffRate: number | null;
  readonly dropOffLo: number | null;
  readonly dropOffHi: number | null;
  readonly state: RateState;
  readonly matureShare: number | null;
  readonly estimate: number | null;
  readonly estimateLo: number | null;
  readonly estimateHi: number | null;
  readonly lostEstimate: number | null;
  readonly lostEstimateLo: number | null;
  readonly lostEstimateHi: number | null;
  readonly naiveRate: number | null;
  readonly naiveLostRate: number | null;
  readonly horizonSeconds: number;
  readonly secondsP50: number | null;
  readonly naiveSecondsMean: number | null;
  readonly expectedSeconds: number | null;
  readonly pValue: number | null;
  readonly qValue: number | null;
  readonly goal: string | null;
  readonly goalMet: boolean | null;
}

export interface StagesOptions extends QueryOptions {
  /** µs; instead of the horizons of the stages. */
  readonly horizonUs?: number | undefined;
  /** Language of the titles. */
  readonly language?: string | undefined;
}

/** Rows of an endpoint; `isTruncated` when the smallest segments were left out. */
export interface RowsAnswer<R> {
  readonly rows: readonly R[];
  readonly isTruncated: boolean;
}

/** Visits, outcomes and rates of every stage, per segment and bucket of the scope. */
export async function runJourneyStages(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { horizonUs, language = 'en', ...options }: StagesOptions = {},
): Promise<RowsAnswer<StageRow>> {
  const [cohorts, buckets] = await Promise.all([
    runBound(clickhouse, stageCohorts(scope, horizonUs), options),
    bucketsOf(clickhouse, scope, options),
  ]);
  const { cells, isTruncated } = cellsOf(scope, cohorts, buckets, scope.journey.stages.length);
  return { rows: assembleStages(scope, cohorts, cells, horizonsUs(scope, horizonUs), language), isTruncated };
}

/** Rows from the counts of the SQL. Pure. */
export function assembleStages(
  scope: JourneyScope,
  cohorts: readonly StageCohort[],
  cells: readonly Cell[],
  horizons: readonly number[],
  language: string,
): StageRow[] {
  const byCell = new Map(cohorts.map((cohort) => [cellKey(cohort, cohort.stage), cohort]));
  const totals = sumsOf(cohorts, ({ stage, bucket }) => `${stage} ${bucket}`);
  const rows = cells.flatMap((cell) =>
    scope.journey.stages.map((stage, index) => {
      const cohort = byCell.get(cellKey(cell, index + 1));
      const { k = 0, n = 0 } = cohort ?? {};
      const all = totals.get(`${index + 1} ${cell.bucket ?? 0}`);
      const row = stageRow(cell, stage, index + 1, cohort, horizons[index] ?? stage.horizonUs, language);
      return { ...row, pValue: scope.by === null ? null : againstOthers({ k, n }, all) };
    }),
  );
  const qValues = qValuesOf(rows, ({ position, bucket }) => `${position} ${bucket}`);
  return rows.map((row, i) => ({ ...row, qValue: qValues[i] ?? null }));
}

const nothing = { estimate: null, lo: null, hi: null };

/** Estimates of the curves at the horizon; null without visits. */
export function estimatesOf(cohort: StageCohort | undefined) {
  if (cohort === undefined) return { advanced: nothing, lost: nothing };
  const { advanced_events, advanced_share, advanced_variance, lost_events, lost_share, lost_variance } = cohort;
  return {
    advanced: readIncidence(cohort, { events: advanced_events, share: advanced_share, variance: advanced_variance }),
    lost: readIncidence(cohort, { events: lost_events, share: lost_share, variance: lost_variance }),
  };
}

function stageRow(
  { segment, bucket }: Cell,
  stage: Stage,
  position: number,
  cohort: StageCohort | undefined,
  horizonUs: number,
  language: string,
): StageRow {
  const { n = 0, k = 0, k_lost: kLost = 0, lost = 0, silent = 0 } = cohort ?? {};
  const rate = rateOf(k, n);
  const estimates = estimatesOf(cohort);
  const medianUs = cohort?.advanced_quantiles[0] ?? null;
  const secondsP50 = medianUs === null || stage.terminal ? null : medianUs / 1e6;
  const { state, matureShare } = maturity(cohort?.mature ?? 0, n);
  const advancedRate = state === 'ok' ? rate.rate : estimates.advanced.estimate;
  const measured = {
    advanced_rate: advancedRate,
    drop_off_rate: complement(advancedRate),
    median_seconds: secondsP50,
  };
  return {
    stage: stage.id,
    title: titleOf(stage.title, stage.id, language),
    position,
    segment,
    bucket,
    entered: n,
    advanced: cohort?.advanced ?? 0,
    lost: lost + silent,
    lostSilent: silent,
    lostExit: lost,
    returned: cohort?.returned ?? 0,
    open: cohort?.open ?? 0,
    completed: cohort?.completed ?? 0,
    ...rate,
    dropOffRate: complement(rate.rate),
    dropOffLo: complement(rate.hi),
    dropOffHi: complement(rate.lo),
    state,
    matureShare,
    estimate: estimates.advanced.estimate,
    estimateLo: estimates.advanced.lo,
    estimateHi: estimates.advanced.hi,
    lostEstimate: estimates.lost.estimate,
    lostEstimateLo: estimates.lost.lo,
    lostEstimateHi: estimates.lost.hi,
    naiveRate: rate.rate,
    naiveLostRate: n === 0 ? null : kLost / n,
    horizonSeconds: horizonUs / 1e6,
    secondsP50,
    naiveSecondsMean: cohort?.advanced_seconds ?? null,
    expectedSeconds: stage.expectedUs === null ? null : stage.expectedUs / 1e6,
    pValue: null,
    qValue: null,
    goal: goalText(stage.goals),
    goalMet: state === 'insufficient' ? null : goalsMet(stage.goals, measured),
  };
}
