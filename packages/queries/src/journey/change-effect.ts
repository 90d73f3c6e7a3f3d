import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type Change, runCycleTime } from './cycle-time.ts';
import type { CycleTimeRow } from './cycle-time-rows.ts';
import type { Way } from './cycle-time-tables.ts';
import type { JourneyScope } from './scope.ts';

const dayUs = 86_400_000_000;
/** How far a comparison looks to either side of a change where the question names no range. */
const sideUs = 180 * dayUs;

/** The scope with 180 days to either side of a change, where the question didn't name the range. */
export function aroundChange(scope: JourneyScope, atUs: number): JourneyScope {
  return {
    ...scope,
    fromUs: scope.given.from ? scope.fromUs : atUs - sideUs,
    toUs: scope.given.to ? scope.toUs : Math.max(atUs + 1, Math.min(scope.asOfUs + 1, atUs + sideUs)),
  };
}

/** What became different with a change. Seconds, shares 0 … 1. */
export interface ChangeEffect {
  readonly customersBefore: number;
  readonly customersAfter: number;
  readonly secondsBefore: number | null;
  readonly secondsAfter: number | null;
  readonly differenceSeconds: number | null;
  readonly differenceLo: number | null;
  readonly differenceHi: number | null;
  readonly advancedShareBefore: number | null;
  readonly advancedShareAfter: number | null;
  readonly naiveMeanBefore: number | null;
  readonly naiveMeanAfter: number | null;
  readonly logRankP: number | null;
  readonly didSeconds: number | null;
  readonly didLo: number | null;
  readonly didHi: number | null;
  /** Of a trial on one segment that of the difference in differences. */
  readonly verdict: CycleTimeRow['verdict'];
  readonly reason: CycleTimeRow['reason'];
}

/** Compares the cohorts before and after a change on a way. */
export async function runChangeEffect(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { way, change }: { readonly way: Way; readonly change: Change },
  options?: QueryOptions,
): Promise<ChangeEffect> {
  const whole = { ...aroundChange(scope, change.atUs), by: null };
  const { rows: periods } = await runCycleTime(clickhouse, whole, { way, horizonUs: null, change }, options);
  const before = periods.find(({ period }) => period === 'before');
  const after = periods.find(({ period }) => period === 'after');
  return {
    customersBefore: before?.n ?? 0,
    customersAfter: after?.n ?? 0,
    secondsBefore: before?.restrictedMeanSeconds ?? null,
    secondsAfter: after?.restrictedMeanSeconds ?? null,
    differenceSeconds: after?.differenceSeconds ?? null,
    differenceLo: after?.differenceLo ?? null,
    differenceHi: after?.differenceHi ?? null,
    advancedShareBefore: before?.advancedShare ?? null,
    advancedShareAfter: after?.advancedShare ?? null,
    naiveMeanBefore: before?.naiveMeanSeconds ?? null,
    naiveMeanAfter: after?.naiveMeanSeconds ?? null,
    logRankP: after?.logRankP ?? null,
    didSeconds: after?.didSeconds ?? null,
    didLo: after?.didLo ?? null,
    didHi: after?.didHi ?? null,
    verdict: after?.didVerdict ?? after?.verdict ?? null,
    reason: after?.reason ?? null,
  };
}
