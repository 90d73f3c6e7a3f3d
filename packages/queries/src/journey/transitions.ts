import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { runBound } from '../funnel/bound-query.ts';
import { bucketsOf, type Cell, cellKey, cellsOf } from './cells.ts';
import { maturity, type RateState, rateOf } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';
import { destinations, type TransitionCohort, transitionCohorts } from './transition-cohorts.ts';

/** How many visits of a stage went somewhere, and how long that took; see `docs/journeys.md`. */
export interface TransitionRow extends Cell {
  /** null: the customer entered the journey here. */
  readonly from: string | null;
  /** A stage, or `lost`, `silent`, `open`. */
  readonly to: string;
  readonly kind: 'entry' | 'stage' | 'lost' | 'silent' | 'open';
  readonly customers: number;
  /** Of them: all visits of `from`, or all entries. */
  readonly n: number;
  readonly share: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly state: RateState;
  readonly naiveSecondsP25: number | null;
  readonly naiveSecondsP50: number | null;
  readonly naiveSecondsP75: number | null;
  readonly naiveSecondsP90: number | null;
  readonly secondsP50: number | null;
}

interface Move {
  readonly from: number;
  readonly to: number;
}

/** Transitions of every segment and bucket of the scope; those that occur in some bucket are listed in all. */
export async function runJourneyTransitions(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  options?: QueryOptions,
): Promise<RowsAnswer<TransitionRow>> {
  const [cohorts, buckets] = await Promise.all([
    runBound(clickhouse, transitionCohorts(scope), options),
    bucketsOf(clickhouse, scope, options),
  ]);
  const moves = movesOf(scope, cohorts);
  const counted = cohorts.map(({ segment, bucket, customers }) => ({ segment, bucket, n: customers }));
  const { cells, isTruncated } = cellsOf(scope, counted, buckets, moves.length);
  return { rows: assembleTransitions(scope, cohorts, cells, moves), isTruncated };
}

function movesOf(scope: JourneyScope, cohorts: readonly TransitionCohort[]): Move[] {
  const entries = new Set(cohorts.filter((cohort) => cohort.entries > 0).map(({ stage }) => stage));
  return scope.journey.stages.flatMap((_, index) => {
    const stage = index + 1;
    const own = cohorts.filter((cohort) => cohort.stage === stage && cohort.destination !== destinations.completed);
    const to = [...new Set(own.map(({ destination }) => destination))].sort((a, b) => a - b);
    const entry = entries.has(stage) ? [{ from: 0, to: stage }] : [];
    return [...entry, ...to.map((destination) => ({ from: stage, to: destination }))];
  });
}

/** Rows from the counts of the SQL. Pure. */
export function assembleTransitions(
  scope: JourneyScope,
  cohorts: readonly TransitionCohort[],
  cells: readonly Cell[],
  moves: readonly Move[],
): TransitionRow[] {
  const byMove = new Map(cohorts.map((cohort) => [cellKey(cohort, cohort.stage, cohort.destination), cohort]));
  const byStage = new Map(cohorts.map((cohort) => [cellKey(cohort, cohort.stage), cohort]));
  const entriesOf = new Map<string, number>();
  for (const [key, { entries, segment, bucket, n }] of byStage) {
    const cell = cellKey({ segment, bucket, n });
    entriesOf.set(cell, (entriesOf.get(cell) ?? 0) + entries);
    entriesOf.set(key, entries);
  }
  return cells.flatMap((cell) =>
    moves.map(({ from, to }) => {
      if (from === 0) {
        const customers = entriesOf.get(cellKey(cell, to)) ?? 0;
        const n = entriesOf.get(cellKey(cell)) ?? 0;
        return { ...rowOf(scope, cell, from, to, customers, n, n), ...noTimes };
      }
      const move = byMove.get(cellKey(cell, from, to));
      const { n = 0, mature = 0 } = byStage.get(cellKey(cell, from)) ?? {};
      return { ...rowOf(scope, cell, from, to, move?.customers ?? 0, n, mature), ...timesOf(move) };
    }),
  );
}

const names = new Map<number, 'lost' | 'silent' | 'open'>([
  [destinations.lost, 'lost'],
  [destinations.silent, 'silent'],
  [destinations.open, 'open'],
]);

function rowOf(
  { journey }: JourneyScope,
  { segment, bucket }: Cell,
  from: number,
  to: number,
  customers: number,
  n: number,
  mature: number,
) {
  const { rate, lo, hi } = rateOf(customers, n);
  const end = names.get(to);
  return {
    segment,
    bucket,
    from: from === 0 ? null : (journey.stages[from - 1]?.id ?? ''),
    to: end ?? journey.stages[to - 1]?.id ?? '',
    kind: from === 0 ? ('entry' as const) : (end ?? ('stage' as const)),
    customers,
    n,
    share: rate,
    lo,
    hi,
    state: maturity(mature, n).state,
  };
}

const noTimes = {
  naiveSecondsP25: null,
  naiveSecondsP50: null,
  naiveSecondsP75: null,
  naiveSecondsP90: null,
  secondsP50: null,
};

function timesOf(move: TransitionCohort | undefined) {
  const seconds = (us: number | null | undefined) => (us === null || us === undefined ? null : us / 1e6);
  const [p25, p50, p75, p90] = move?.quantiles ?? [];
  return {
    naiveSecondsP25: seconds(p25),
    naiveSecondsP50: seconds(p50),
    naiveSecondsP75: seconds(p75),
    naiveSecondsP90: seconds(p90),
    secondsP50: seconds(move?.median),
  };
}
