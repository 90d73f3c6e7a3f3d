import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { differenceInDifferences, shortening } from '@michinori/statistics';
import type { CycleTimeCurveRow, CycleTimeRow, Period } from './cycle-time-rows.ts';
import { type Cohort, claimMatureShareMin, curveRows, cycleTimeRow } from './cycle-time-rows.ts';
import { mergeTables, readWayTimes, type Way, type WayTimes } from './cycle-time-tables.ts';
import type { JourneyScope } from './scope.ts';

/** A change to measure: when it came, and whom it was tried on (null: everybody). `index` counts from 1 into the segments. */
export interface Change {
  readonly atUs: number;
  readonly treated: { readonly index: number; readonly values: readonly string[] } | null;
}

export interface CycleTimeQuestion {
  readonly way: Way;
  /** Horizon of restricted means and shares, µs; null: that of the way's stages together. */
  readonly horizonUs: number | null;
  readonly change: Change | null;
}

/** The horizon of a way: those of the stages that it leads through, one after another. Seconds. */
export function wayHorizonSeconds(
  { journey }: Pick<JourneyScope, 'journey'>,
  { way, horizonUs }: CycleTimeQuestion,
): number {
  const stages = journey.stages.slice(way.fromStage - 1, way.toStage - 1);
  return (horizonUs ?? stages.reduce((sum, stage) => sum + stage.horizonUs, 0)) / 1e6;
}

/**
 * The cohorts of a question. Those before a change are looked at as of its instant, so that nothing which it may have
 * caused counts for the time before it; those after it as of the scope.
 */
function periodsOf(scope: JourneyScope, change: Change | null): readonly (readonly [Period, JourneyScope])[] {
  if (change === null) return [['all', scope]];
  const { atUs, treated } = change;
  const segments = treated === null ? scope.segments : [...scope.segments, treated];
  const until = Math.min(atUs, scope.asOfUs);
  return [
    ['before', { ...scope, segments, toUs: Math.min(scope.toUs, atUs), asOfUs: until }],
    ['after', { ...scope, segments, fromUs: Math.max(scope.fromUs, atUs) }],
  ];
}

const nobody = (segment: string): WayTimes => ({ segment, table: [], naive: { mean: null, p50: null } });

async function readCohorts(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: CycleTimeQuestion,
  options?: QueryOptions,
) {
  const read = await Promise.all(
    periodsOf(scope, question.change).map(async ([period, cohort]) => ({
      period,
      times: await readWayTimes(clickhouse, cohort, question.way, options),
    })),
  );
  const segments =
    scope.by === null ? [''] : [...new Set(read.flatMap(({ times }) => times.map((one) => one.segment)))].sort();
  return segments.flatMap((segment) =>
    read.map(({ period, times }): Cohort => {
      const own = times.find((one) => one.segment === segment) ?? nobody(segment);
      return { period, segment: scope.by === null ? null : segment, times: own };
    }),
  );
}

/** The cohorts that a change was not tried on, before and after it; null when it was tried on everybody. */
async function readControls(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: CycleTimeQuestion,
  options?: QueryOptions,
) {
  const { change, way } = question;
  if (change?.treated == null) return null;
  const { index, values } = change.treated;
  const split = { ...scope, by: { index, name: '' } };
  const [before = [], after = []] = await Promise.all(
    periodsOf(split, { ...change, treated: null }).map(([, cohort]) => readWayTimes(clickhouse, cohort, way, options)),
  );
  const untreated = (times: readonly WayTimes[]) =>
    mergeTables(times.filter(({ segment }) => !values.includes(segment)).map(({ table }) => table));
  return { before: untreated(before), after: untreated(after) };
}

/**
 * Time from entering one stage to entering another: the whole distribution, correct although many are still on their way, and with a change
 * its shortening. Of each segment the cohort after is compared with that before; without a change each segment with all
 * others together. `shorter` is claimed only if the interval of the difference excludes 0 and 80 % of the later cohort are known at the horizon.
 */
export async function runCycleTime(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: CycleTimeQuestion,
  options?: QueryOptions,
): Promise<{ rows: CycleTimeRow[]; cohorts: readonly Cohort[] }> {
  const horizonSeconds = wayHorizonSeconds(scope, question);
  const [cohorts, controls] = await Promise.all([
    readCohorts(clickhouse, scope, question, options),
    readControls(clickhouse, scope, question, options),
  ]);
  const tableOf = (period: Period, segment: string | null) =>
    cohorts.find((cohort) => cohort.period === period && cohort.segment === segment)?.times.table ?? [];
  const comparison = { tauSeconds: horizonSeconds };
  const rows = cohorts.map((cohort) => {
    const { period, segment, times } = cohort;
    if (period === 'after') {
      const before = tableOf('before', segment);
      const contrast = claim(shortening(before, times.table, comparison), times, horizonSeconds);
      const did =
        controls === null || segment !== null
          ? null
          : differenceInDifferences(
              {
                treatedBefore: before,
                treatedAfter: times.table,
                controlBefore: controls.before,
                controlAfter: controls.after,
              },
              comparison,
            );
      return cycleTimeRow(cohort, horizonSeconds, contrast, did && claim(did, times, horizonSeconds));
    }
    if (period === 'before' || segment === null || cohorts.length === 1) {
      return cycleTimeRow(cohort, horizonSeconds, null, null);
    }
    const others = mergeTables(cohorts.filter((other) => other !== cohort).map((other) => other.times.table));
    return cycleTimeRow(cohort, horizonSeconds, shortening(others, times.table, comparison), null);
  });
  return { rows, cohorts };
}

/** The later cohort has to be mature before anything is claimed: a censored one is too early, whatever its interval says. */
function claim<T extends { verdict: CycleTimeRow['verdict']; reason: CycleTimeRow['reason'] }>(
  contrast: T,
  { table }: WayTimes,
  horizonSeconds: number,
): T {
  const n = table.reduce((sum, row) => sum + row.advanced + row.lost + row.censored, 0);
  const unknown = table.reduce((sum, row) => sum + (row.seconds < horizonSeconds ? row.censored : 0), 0);
  if (contrast.verdict === 'too early' || n === 0 || 1 - unknown / n >= claimMatureShareMin) return contrast;
  return { ...contrast, verdict: 'too early', reason: 'short follow-up' };
}

/** The curves behind {@link runCycleTime}. */
export async function runCycleTimeCurve(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: CycleTimeQuestion,
  options?: QueryOptions,
): Promise<{ rows: CycleTimeCurveRow[] }> {
  const cohorts = await readCohorts(clickhouse, scope, question, options);
  const horizonSeconds = wayHorizonSeconds(scope, question);
  return { rows: cohorts.flatMap((cohort) => curveRows(cohort, horizonSeconds)) };
}
