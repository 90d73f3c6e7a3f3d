import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type ExposureStratum, mantelHaenszelRateRatio, type RateRatioGap } from '@michinori/statistics';
import { runBound } from '../funnel/bound-query.ts';
import { bucketsOf, type Cell, cellKey, cellsOf } from './cells.ts';
import { qValuesOf } from './compared.ts';
import { complement, maturity, type RateState, rateOf, visitsMin } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';
import { type ExposureTotal, exposureTotals, type TouchpointCohort, touchpointCohorts } from './touchpoint-cohorts.ts';

/** A touchpoint within a stage: what became of the visits that it touched; see `docs/journeys.md`. */
export interface JourneyTouchpointRow extends Cell {
  readonly stage: string;
  /** Place of the stage in the journey, from 1. */
  readonly position: number;
  readonly touchpoint: string;
  readonly touched: number;
  readonly touchedShare: number | null;
  readonly advanced: number;
  readonly lost: number;
  readonly returned: number;
  readonly completed: number;
  readonly open: number;
  readonly k: number;
  readonly n: number;
  readonly dropOffRate: number | null;
  readonly dropOffLo: number | null;
  readonly dropOffHi: number | null;
  readonly state: RateState;
  readonly matureShare: number | null;
  readonly lastBeforeLoss: number;
  readonly lastBeforeLossShare: number | null;
  readonly secondsTouchToAdvanceP50: number | null;
  readonly effect: number | null;
  readonly effectLo: number | null;
  readonly effectHi: number | null;
  readonly effectState: 'ok' | 'insufficient' | RateRatioGap;
  readonly pValue: number | null;
  readonly qValue: number | null;
}

interface Pair {
  readonly position: number;
  readonly touchpoint: string;
}

/** Most touchpoints of a stage in an answer; those that touched the fewest visits are left out. */
const touchpointsMax = 200;

/** Every touchpoint of every stage, per segment and bucket; those of the definition also when they were never seen. */
export async function runJourneyTouchpoints(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  options?: QueryOptions,
): Promise<RowsAnswer<JourneyTouchpointRow>> {
  const [cohorts, totals, buckets] = await Promise.all([
    runBound(clickhouse, touchpointCohorts(scope), options),
    runBound(clickhouse, exposureTotals(scope), options),
    bucketsOf(clickhouse, scope, options),
  ]);
  const { pairs, isTruncated } = pairsOf(scope, cohorts);
  const shown = cellsOf(scope, totals, buckets, pairs.length);
  return {
    rows: assembleTouchpoints(scope, cohorts, totals, shown.cells, pairs),
    isTruncated: isTruncated || shown.isTruncated,
  };
}

/** Whether a name fits a touchpoint of a definition: the name itself, or a prefix that ends in `*`. */
function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Touchpoints by stage: those of the definition in its order, then the others by how many visits they touched. */
function pairsOf(scope: JourneyScope, cohorts: readonly TouchpointCohort[]): { pairs: Pair[]; isTruncated: boolean } {
  let isTruncated = false;
  const pairs = scope.journey.stages.flatMap(({ touchpoints: patterns }, index) => {
    const sizes = new Map<string, number>();
    for (const { stage, touchpoint, n } of cohorts) {
      if (stage === index + 1) sizes.set(touchpoint, (sizes.get(touchpoint) ?? 0) + n);
    }
    const unseen = patterns.filter((pattern) => ![...sizes.keys()].some((name) => fits(name, pattern)));
    const placeOf = (name: string) => {
      const place = patterns.findIndex((pattern) => name === pattern || fits(name, pattern));
      return place < 0 ? patterns.length : place;
    };
    const named = [...[...sizes], ...[...new Set(unseen)].map((name) => [name, 0] as const)]
      .map(([touchpoint, size]) => ({ position: index + 1, touchpoint, size, place: placeOf(touchpoint) }))
      .sort((a, b) => a.place - b.place || b.size - a.size || (a.touchpoint < b.touchpoint ? -1 : 1));
    if (named.length > touchpointsMax) isTruncated = true;
    return named.slice(0, touchpointsMax);
  });
  return { pairs, isTruncated };
}

/** Rows from the sums of the SQL. Pure. */
export function assembleTouchpoints(
  scope: JourneyScope,
  cohorts: readonly TouchpointCohort[],
  totals: readonly ExposureTotal[],
  cells: readonly Cell[],
  pairs: readonly Pair[],
): JourneyTouchpointRow[] {
  const touchedOf = new Map(cohorts.map((cohort) => [cellKey(cohort, cohort.stage, cohort.touchpoint), cohort]));
  const totalOf = new Map(totals.map((total) => [cellKey(total, total.stage), total]));
  const rows = cells.flatMap((cell) =>
    pairs.map(({ position, touchpoint }) => ({
      stage: scope.journey.stages[position - 1]?.id ?? '',
      position,
      touchpoint,
      segment: cell.segment,
      bucket: cell.bucket,
      ...rowOf(touchedOf.get(cellKey(cell, position, touchpoint)), totalOf.get(cellKey(cell, position))),
      qValue: null,
    })),
  );
  const qValues = qValuesOf(rows, ({ position, segment, bucket }) => JSON.stringify([position, segment, bucket]));
  return rows.map((row, i) => ({ ...row, qValue: qValues[i] ?? null }));
}

function rowOf(touched: TouchpointCohort | undefined, total: ExposureTotal | undefined) {
  const { n = 0, k = 0, mature = 0 } = touched ?? {};
  const { rate, lo, hi } = rateOf(k, n);
  const losses = total?.losses ?? 0;
  const lastBeforeLoss = touched?.last_before_loss ?? 0;
  return {
    touched: n,
    touchedShare: total === undefined ? null : n / total.n,
    advanced: touched?.advanced ?? 0,
    lost: (touched?.lost ?? 0) + (touched?.silent ?? 0),
    returned: touched?.returned ?? 0,
    completed: touched?.completed ?? 0,
    open: touched?.open ?? 0,
    k,
    n,
    dropOffRate: complement(rate),
    dropOffLo: complement(hi),
    dropOffHi: complement(lo),
    ...maturity(mature, n),
    lastBeforeLoss,
    lastBeforeLossShare: losses === 0 ? null : lastBeforeLoss / losses,
    secondsTouchToAdvanceP50: touched?.seconds_to_advance ?? null,
    ...effectOf(touched, total),
  };
}

const noEffect = { effect: null, effectLo: null, effectHi: null, effectState: 'insufficient' as const, pValue: null };

function effectOf(touched: TouchpointCohort | undefined, total: ExposureTotal | undefined) {
  if (touched === undefined || total === undefined || touched.n < visitsMin) return noEffect;
  const { ratio, lo, hi, pValue, gap } = mantelHaenszelRateRatio(strataOf(touched, total));
  if (ratio === null) return { ...noEffect, effectState: gap ?? noEffect.effectState };
  return { effect: ratio, effectLo: lo, effectHi: hi, effectState: 'ok' as const, pValue };
}

/** Exposed: the time from the first touch on, and who advanced in it. Unexposed: the rest of all visits' time. */
function strataOf(touched: TouchpointCohort, total: ExposureTotal): ExposureStratum[] {
  return total.time.map((time, band) => {
    const [timeExposed, eventsExposed] = [touched.time[band] ?? 0, touched.events[band] ?? 0];
    return {
      timeExposed,
      eventsExposed,
      timeUnexposed: Math.max(0, time - timeExposed),
      eventsUnexposed: (total.events[band] ?? 0) - eventsExposed,
    };
  });
}
