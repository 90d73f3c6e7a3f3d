import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type Stage, titleOf } from '@michinori/journey';
import { bottleneckGain, type Proportion, type ShrunkRate, shrinkRates } from '@michinori/statistics';
import { runBound } from '../funnel/bound-query.ts';
import { type Completion, stageCompletions } from './completions.ts';
import { visitsMin } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import { type StageCohort, stageCohorts } from './stage-cohorts.ts';
import { estimatesOf, type StagesOptions } from './stages.ts';

/** What a stage would gain if all of it did as well as its best comparable segment; see `docs/journeys.md`. */
export interface BottleneckRow {
  readonly stage: string;
  readonly title: string;
  /** Place in the journey, from 1. */
  readonly position: number;
  /** Name of the segment that is compared, e.g. `plan`. */
  readonly by: string;
  readonly entered: number;
  readonly enteredPerMonth: number;
  /** Advanced at the horizon now; `n` is the size of a fully watched cohort of the same precision. */
  readonly rate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly n: number;
  readonly bestSegment: string | null;
  readonly bestRate: number | null;
  readonly bestLo: number | null;
  readonly bestHi: number | null;
  readonly bestN: number | null;
  readonly comparableSegments: number;
  readonly completionShare: number | null;
  /** Completions per month. */
  readonly gain: number | null;
  readonly gainLo: number | null;
  readonly gainHi: number | null;
  readonly effort: number;
  readonly priority: number | null;
  readonly state: 'insufficient' | 'ok';
  /** What there is too little of; null with a gain. */
  readonly reason: 'current' | 'best' | 'completed' | 'segments' | null;
}

const monthUs = (365.25 / 12) * 86_400_000_000;

/** Bottlenecks of every stage that can be advanced from, by every segment of the journey or the one of `by`; highest priority first. */
export async function runJourneyBottlenecks(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { horizonUs, language = 'en', ...options }: StagesOptions = {},
): Promise<readonly BottleneckRow[]> {
  const whole = { ...scope, by: null, interval: null };
  const names = scope.by === null ? scope.journey.segments : [scope.by.name];
  const ask = (asked: JourneyScope) => runBound(clickhouse, stageCohorts(asked, horizonUs), options as QueryOptions);
  const [pooled, completions, ...split] = await Promise.all([
    ask(whole),
    runBound(clickhouse, stageCompletions(scope), options),
    ...names.map((name) => ask({ ...whole, by: { name, index: scope.journey.segments.indexOf(name) + 1 } })),
  ]);
  const rows = scope.journey.stages.flatMap((stage, index) =>
    stage.terminal || index + 1 === scope.journey.stages.length
      ? []
      : names.map((name, place) =>
          bottleneckRow(
            scope,
            { stage, position: index + 1, by: name, language },
            pooled,
            split[place] ?? [],
            completions,
          ),
        ),
  );
  return rows.sort((a, b) => (b.priority ?? -Infinity) - (a.priority ?? -Infinity) || a.position - b.position);
}

/**
 * Cohort at the horizon as k of n: the size n that a fully watched cohort needs for the same precision, F(1 − F)/variance, which is
 * the cohort's own size once nobody is open; where nobody or everybody advanced, those who were watched that long.
 */
export function effectiveProportion(cohort: StageCohort | undefined): Proportion & { rate: number | null } {
  const { estimate } = estimatesOf(cohort).advanced;
  if (cohort === undefined || estimate === null) return { k: 0, n: 0, rate: null };
  const { advanced_variance: variance, known, n: all } = cohort;
  const spread = estimate * (1 - estimate);
  const n = Math.min(all, Math.round(variance > 0 && spread > 0 ? spread / variance : known));
  return { k: Math.min(n, Math.round(estimate * n)), n, rate: estimate };
}

interface Asked {
  readonly stage: Stage;
  readonly position: number;
  readonly by: string;
  readonly language: string;
}

function bottleneckRow(
  scope: JourneyScope,
  { stage, position, by, language }: Asked,
  pooled: readonly StageCohort[],
  split: readonly StageCohort[],
  completions: readonly Completion[],
): BottleneckRow {
  const cohort = pooled.find((row) => row.stage === position);
  const current = effectiveProportion(cohort);
  const advanced = estimatesOf(cohort).advanced;
  const entered = cohort?.n ?? 0;
  const months = (Math.min(scope.toUs, Math.max(scope.asOfUs, scope.fromUs + 1)) - scope.fromUs) / monthUs;
  const { best, segment, comparable } = bestOf(split.filter((row) => row.stage === position));
  const { advanced: all = 0, completed = 0 } = completions.find((row) => row.stage === position) ?? {};
  const found =
    best === null
      ? {
          gain: null,
          lo: null,
          hi: null,
          insufficient: current.n < visitsMin ? ('current' as const) : ('segments' as const),
        }
      : bottleneckGain({ entered, months, current, best, completed: { k: completed, n: all } });
  return {
    stage: stage.id,
    title: titleOf(stage.title, stage.id, language),
    position,
    by,
    entered,
    enteredPerMonth: entered / months,
    rate: current.rate,
    lo: advanced.lo,
    hi: advanced.hi,
    n: current.n,
    bestSegment: segment,
    bestRate: best?.rate ?? null,
    bestLo: best?.lo ?? null,
    bestHi: best?.hi ?? null,
    bestN: best?.n ?? null,
    comparableSegments: comparable,
    completionShare: all === 0 ? null : completed / all,
    gain: found.gain,
    gainLo: found.lo,
    gainHi: found.hi,
    effort: stage.effort,
    priority: found.gain === null ? null : found.gain / stage.effort,
    state: found.gain === null ? 'insufficient' : 'ok',
    reason: found.insufficient,
  };
}

/** The segment with the highest shrunk rate among those of at least 30 visits; null when there are fewer than two. */
function bestOf(split: readonly StageCohort[]): {
  best: ShrunkRate | null;
  segment: string | null;
  comparable: number;
} {
  const candidates = split
    .map((cohort) => ({ segment: cohort.segment, ...effectiveProportion(cohort) }))
    .filter(({ n, rate }) => rate !== null && n >= visitsMin);
  if (candidates.length < 2) return { best: null, segment: null, comparable: candidates.length };
  const shrunk = shrinkRates(candidates);
  const top = shrunk.reduce((top, { rate }, i) => (rate > (shrunk[top]?.rate ?? -1) ? i : top), 0);
  return {
    best: shrunk[top] ?? null,
    segment: candidates[top]?.segment ?? null,
    comparable: candidates.length,
  };
}
