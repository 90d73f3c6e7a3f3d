import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { titleOf } from '@michinori/journey';
import { runBound } from '../funnel/bound-query.ts';
import { bucketsOf, type Cell, cellKey, cellsOf } from './cells.ts';
import { groupRows } from './group-rows.ts';
import { type EnteredCohort, enteredCohorts, type LossCohort, type LossKind, lossCohorts } from './loss-cohorts.ts';
import { openStages } from './open-stages.ts';
import { rateOf, visitsMin } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';

/** Losses of a stage: all, by silence, or by exits of one reason; see `docs/losses.md`. */
export interface LossRow extends Cell {
  readonly stage: string;
  readonly title: string;
  readonly position: number;
  readonly kind: LossKind;
  /** Of exits; `''`: none was given. */
  readonly reason: string | null;
  readonly lost: number;
  /** Visits of the stage, and the share of them that was lost so. */
  readonly entered: number;
  readonly rate: number | null;
  readonly rateLo: number | null;
  readonly rateHi: number | null;
  /** k of the n losses of the stage were so. */
  readonly k: number;
  readonly n: number;
  readonly share: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** `insufficient`: fewer than 30 losses to take a share of. */
  readonly state: 'insufficient' | 'ok';
  readonly secondsP50: number | null;
  readonly silenceSecondsP50: number | null;
}

/** Most reasons of a stage, segment and bucket in an answer; the rarest are left out. */
const reasonsMax = 100;

export interface LossesOptions extends QueryOptions {
  readonly language?: string | undefined;
}

/** Losses by silence and by reason, of every stage, per segment and bucket of the scope. */
export async function runJourneyLosses(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { language = 'en', ...options }: LossesOptions = {},
): Promise<RowsAnswer<LossRow>> {
  const [losses, entered, buckets] = await Promise.all([
    runBound(clickhouse, lossCohorts(scope), options),
    runBound(clickhouse, enteredCohorts(scope), options),
    bucketsOf(clickhouse, scope, options),
  ]);
  return assembleLosses(scope, losses, entered, buckets, language);
}

/** Rows from the counts of the SQL: per cell and stage all losses, those by silence, then exits, the most frequent reason first. Pure. */
export function assembleLosses(
  scope: JourneyScope,
  losses: readonly LossCohort[],
  entered: readonly EnteredCohort[],
  buckets: readonly (number | null)[],
  language: string,
): RowsAnswer<LossRow> {
  const own = groupRows(losses, (row) => cellKey(row, row.stage));
  const sizes = new Map(entered.map((row) => [cellKey(row, row.stage), row.n]));
  const exits = [...own.values()].map((rows) => rows.filter(({ kind }) => kind === 'exit').length);
  const reasonsAtMost = Math.min(reasonsMax, Math.max(0, ...exits));
  const stages = openStages(scope);
  const { cells, isTruncated } = cellsOf(scope, entered, buckets, stages.length * (2 + reasonsAtMost));
  const rows = cells.flatMap((cell) =>
    stages.flatMap((position) => {
      const found = own.get(cellKey(cell, position)) ?? [];
      const total = sizes.get(cellKey(cell, position)) ?? 0;
      const all = found.find(({ kind }) => kind === 'all');
      const silent = found.find(({ kind }) => kind === 'silent');
      const shown = [
        { kind: 'all' as const, reason: null, cohort: all },
        { kind: 'silent' as const, reason: null, cohort: silent },
        ...found
          .filter(({ kind }) => kind === 'exit')
          .slice(0, reasonsMax)
          .map((cohort) => ({ kind: 'exit' as const, reason: cohort.reason, cohort })),
      ];
      return shown.map(({ kind, reason, cohort }): LossRow => {
        const stage = scope.journey.stages[position - 1];
        const { rate, lo, hi } = rateOf(cohort?.losses ?? 0, total);
        const head = { stage: stage?.id ?? '', title: titleOf(stage?.title ?? {}, stage?.id ?? '', language) };
        return {
          ...head,
          ...{ position, segment: cell.segment, bucket: cell.bucket, kind, reason, lost: cohort?.losses ?? 0 },
          ...{ entered: total, rate, rateLo: lo, rateHi: hi },
          ...sharesOf(cohort?.losses ?? 0, all?.losses ?? 0),
          secondsP50: cohort?.stay ?? null,
          silenceSecondsP50: cohort?.silence ?? null,
        };
      });
    }),
  );
  return { rows, isTruncated: isTruncated || exits.some((count) => count > reasonsMax) };
}

function sharesOf(k: number, n: number): Pick<LossRow, 'k' | 'n' | 'share' | 'lo' | 'hi' | 'state'> {
  const state = n < visitsMin ? 'insufficient' : 'ok';
  const { rate, lo, hi } = rateOf(k, n);
  return { k, n, share: rate, lo, hi, state };
}
