import type { ClickHouse } from '@michinori/clickhouse';
import { titleOf } from '@michinori/journey';
import { cellsOf } from '../journey/cells.ts';
import { openStages } from '../journey/open-stages.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { horizonsUs } from '../journey/stage-cohorts.ts';
import type { RowsAnswer, StagesOptions } from '../journey/stages.ts';
import { type StageForecaster, type StepForecast, stageForecaster } from './forecaster.ts';
import { tickSeconds } from './outlook-scope.ts';
import { type OpenVisits, readOpenVisits, readStageTimes, type StageTimes } from './outlook-tables.ts';

/** The next step of a stage's open visits by the time they have spent; see `docs/outlook.md`. */
export interface OutlookRow extends StepForecast {
  readonly stage: string;
  readonly title: string;
  readonly position: number;
  readonly segment: string | null;
  /** The shares are those of a visit that has lasted this long. */
  readonly spentFromSeconds: number;
  /** Null: of the last band. */
  readonly spentToSeconds: number | null;
  /** Open visits that have lasted from `spentFromSeconds` on, less than `spentToSeconds`. */
  readonly open: number;
  /** How many of them will have advanced, and been lost, each by its own time; null where nothing is known. */
  readonly expectedAdvanced: number | null;
  readonly expectedLost: number | null;
  readonly horizonSeconds: number;
}

/** Eighths of the horizon at which bands of time spent begin. */
const bandEighths = [0, 1, 2, 4, 6, 8, 12, 16] as const;

/** Forecasts of the open visits of every stage, per segment of the scope and band of time spent. */
export async function runJourneyOutlook(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { horizonUs, language = 'en', ...options }: StagesOptions = {},
): Promise<RowsAnswer<OutlookRow>> {
  const [stages, horizons] = [openStages(scope), horizonsUs(scope, horizonUs)];
  const [times, open] = await Promise.all([
    readStageTimes(clickhouse, scope, stages, horizons, options),
    readOpenVisits(clickhouse, scope, stages, horizons, options),
  ]);
  return assembleOutlook(scope, times, open, horizons, language);
}

/** Rows from the counts of the SQL. Pure. */
export function assembleOutlook(
  scope: JourneyScope,
  times: readonly StageTimes[],
  open: readonly OpenVisits[],
  horizons: readonly number[],
  language: string,
): RowsAnswer<OutlookRow> {
  const stages = openStages(scope);
  const sizes = [
    ...times.map(({ segment, counts }) => ({ segment, bucket: 0, n: sizeOf(counts) })),
    ...open.map(({ segment }) => ({ segment, bucket: 0, n: 0 })),
  ];
  const { cells, isTruncated } = cellsOf(scope, sizes, [null], stages.length * bandEighths.length);
  const forecasters = new Map(
    stages.map((stage) => [
      stage,
      stageForecaster(
        times.filter((row) => row.stage === stage),
        horizons[stage - 1] ?? 0,
        scope.by !== null,
      ),
    ]),
  );
  const openBy = openOf(open);
  const rows = cells.flatMap(({ segment }) =>
    stages.flatMap((position) => {
      const stage = scope.journey.stages[position - 1];
      const forecaster = forecasters.get(position);
      if (stage === undefined || forecaster === undefined) return [];
      const own = openBy.get(JSON.stringify([position, segment ?? ''])) ?? [];
      const head = { stage: stage.id, title: titleOf(stage.title, stage.id, language), position, segment };
      return bandsOf(forecaster, segment, own, horizons[position - 1] ?? 0).map((band) => ({ ...head, ...band }));
    }),
  );
  return { rows, isTruncated };
}

function sizeOf(counts: StageTimes['counts']): number {
  return counts.reduce((sum, { advanced, returned, lost, open }) => sum + advanced + returned + lost + open, 0);
}

function openOf(open: readonly OpenVisits[]): Map<string, OpenVisits[]> {
  const groups = new Map<string, OpenVisits[]>();
  for (const row of open) {
    const key = JSON.stringify([row.stage, row.segment]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function bandsOf(
  forecaster: StageForecaster,
  segment: string | null,
  open: readonly OpenVisits[],
  horizonUs: number,
): Omit<OutlookRow, 'stage' | 'title' | 'position' | 'segment'>[] {
  const tick = tickSeconds(horizonUs);
  const starts = bandEighths.map((eighths) => (horizonUs / 8e6) * eighths);
  return starts.map((spentFromSeconds, index) => {
    const spentToSeconds = starts[index + 1] ?? null;
    const own = open.filter((row) => {
      const spent = row.tick * tick;
      return spent >= spentFromSeconds && (spentToSeconds === null || spent < spentToSeconds);
    });
    return {
      spentFromSeconds,
      spentToSeconds,
      open: own.reduce((sum, { visits }) => sum + visits, 0),
      ...forecaster.of(segment, spentFromSeconds),
      ...expectedOf(forecaster, segment, own, tick),
      horizonSeconds: horizonUs / 1e6,
    };
  });
}

function expectedOf(
  forecaster: StageForecaster,
  segment: string | null,
  open: readonly OpenVisits[],
  tick: number,
): { expectedAdvanced: number | null; expectedLost: number | null } {
  let [advanced, lost] = [0, 0];
  for (const row of open) {
    const shares = forecaster.shares(segment, row.tick * tick);
    if (shares === null) return { expectedAdvanced: null, expectedLost: null };
    advanced += shares.advanced * row.visits;
    lost += shares.lost * row.visits;
  }
  return { expectedAdvanced: advanced, expectedLost: lost };
}
