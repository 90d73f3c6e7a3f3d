import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { healthOf } from '@michinori/journey';
import { isoText } from '../funnel/time.ts';
import { type HealthStageRow, runHealthStages } from '../health/health-stages.ts';
import type { Cell } from './cells.ts';
import { type EmotionRow, runEmotion } from './emotion.ts';
import { goalsMet } from './goals.ts';
import type { JourneyScope } from './scope.ts';
import { type RowsAnswer, runJourneyStages, type StageRow, type StagesOptions } from './stages.ts';
import { type JourneyTouchpointRow, runJourneyTouchpoints } from './touchpoints.ts';
import { runJourneyTransitions, type TransitionRow } from './transitions.ts';

/** A thing to draw: a stage, a touchpoint within a stage, or an edge between stages; see `docs/journeys.md`. */
export interface MapRow extends Cell {
  readonly kind: 'stage' | 'touchpoint' | 'edge';
  /** The stage; of an edge the one it leaves (null: the customer comes from outside). */
  readonly stage: string | null;
  /** Where an edge goes: a stage, `lost`, `silent` or `open`. */
  readonly to: string | null;
  readonly touchpoint: string | null;
  readonly title: string;
  /** Place of the stage in the journey, from 1 (0: outside), or of the touchpoint in its stage. */
  readonly position: number;
  readonly entered: number;
  readonly advanced: number | null;
  readonly lost: number | null;
  readonly open: number | null;
  /** Advanced at the horizon: the estimate while the cohort is immature, else k/n. Of a touchpoint: k/n after the touch. */
  readonly rate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly state: StageRow['state'];
  readonly share: number | null;
  readonly sentiment: number | null;
  readonly sentimentLo: number | null;
  readonly sentimentHi: number | null;
  readonly goal: string | null;
  readonly goalMet: boolean | null;
  readonly secondsP50: number | null;
  /** Of a stage: mean score of health as of the last evaluation, of everybody who stands there; null with an interval. */
  readonly health: number | null;
}

export interface MapOptions extends StagesOptions {
  /** `overview`: stages and edges; `full`: touchpoints too. */
  readonly detail?: 'overview' | 'full' | undefined;
}

/** The journey as a drawing: stages in order, their touchpoints, and where customers go between. */
export async function runJourneyMap(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { detail = 'full', ...stagesOptions }: MapOptions = {},
): Promise<RowsAnswer<MapRow>> {
  const { horizonUs: _, language: __, ...options } = stagesOptions;
  const [stages, edges, emotion, touchpoints, health] = await Promise.all([
    runJourneyStages(clickhouse, scope, stagesOptions),
    runJourneyTransitions(clickhouse, scope, options as QueryOptions),
    runEmotion(clickhouse, scope, options as QueryOptions),
    detail === 'full'
      ? runJourneyTouchpoints(clickhouse, scope, options as QueryOptions)
      : { rows: [], isTruncated: false },
    healthOf(scope.journey) === null ? { rows: [] } : runHealthStages(clickhouse, scope, options as QueryOptions),
  ]);
  return {
    rows: assembleMap(scope, stages.rows, touchpoints.rows, edges.rows, emotion.rows, health.rows),
    isTruncated: stages.isTruncated || edges.isTruncated || touchpoints.isTruncated,
  };
}

/** Rows of the drawing from the answers that it is made of. Pure. */
export function assembleMap(
  scope: JourneyScope,
  stages: readonly StageRow[],
  touchpoints: readonly JourneyTouchpointRow[],
  edges: readonly TransitionRow[],
  emotion: readonly EmotionRow[],
  health: readonly HealthStageRow[],
): MapRow[] {
  const scores: Scores = new Map(health.map((row) => [scoreKey(row), row.score]));
  const feelings = new Map(emotion.map((row) => [feelingKey(row.segment, row.bucket, row.stage, row.touchpoint), row]));
  const feelingOf = ({ segment, bucket }: Cell, stage: string, touchpoint: string | null) =>
    feelings.get(feelingKey(segment, bucket === null ? null : isoText(bucket), stage, touchpoint));
  const places = new Map<string, number>();
  return [
    ...stages.map((row) => stageOf(scope, row, feelingOf(row, row.stage, null), scores)),
    ...touchpoints.map((row) => {
      const key = JSON.stringify([row.segment, row.bucket, row.stage]);
      const position = (places.get(key) ?? 0) + 1;
      places.set(key, position);
      return touchpointOf(row, position, feelingOf(row, row.stage, row.touchpoint));
    }),
    ...edges.map((row) => edgeOf(scope, row)),
  ];
}

function feelingKey(segment: string | null, bucket: string | null, stage: string, touchpoint: string | null): string {
  return JSON.stringify([segment, bucket, stage, touchpoint]);
}

function feeling(row: EmotionRow | undefined) {
  return { sentiment: row?.sentiment ?? null, sentimentLo: row?.lo ?? null, sentimentHi: row?.hi ?? null };
}

/** Mean scores by {@link scoreKey}. */
type Scores = ReadonlyMap<string, number | null>;

function scoreKey({ segment, stage }: { readonly segment: string | null; readonly stage: string }): string {
  return JSON.stringify([segment, stage]);
}

function stageOf(scope: JourneyScope, row: StageRow, felt: EmotionRow | undefined, scores: Scores): MapRow {
  const goals = scope.journey.stages[row.position - 1]?.goals ?? [];
  const isOk = row.state === 'ok';
  const rate = isOk ? row.rate : row.estimate;
  return {
    kind: 'stage',
    stage: row.stage,
    to: null,
    touchpoint: null,
    title: row.title,
    position: row.position,
    segment: row.segment,
    bucket: row.bucket,
    entered: row.entered,
    advanced: row.advanced,
    lost: row.lost,
    open: row.open,
    rate,
    lo: isOk ? row.lo : row.estimateLo,
    hi: isOk ? row.hi : row.estimateHi,
    state: row.state,
    share: null,
    ...feeling(felt),
    goal: row.goal,
    goalMet:
      row.state === 'insufficient'
        ? null
        : goalsMet(goals, {
            advanced_rate: rate,
            drop_off_rate: rate === null ? null : 1 - rate,
            median_seconds: row.secondsP50,
            mean_sentiment: felt?.state === 'ok' ? felt.sentiment : null,
          }),
    secondsP50: row.secondsP50,
    health: row.bucket === null ? (scores.get(scoreKey(row)) ?? null) : null,
  };
}

function touchpointOf(row: JourneyTouchpointRow, position: number, felt: EmotionRow | undefined): MapRow {
  const flipped = (share: number | null) => (share === null ? null : 1 - share);
  return {
    kind: 'touchpoint',
    stage: row.stage,
    to: null,
    touchpoint: row.touchpoint,
    title: row.touchpoint,
    position,
    segment: row.segment,
    bucket: row.bucket,
    entered: row.touched,
    advanced: row.advanced,
    lost: row.lost,
    open: row.open,
    rate: flipped(row.dropOffRate),
    lo: flipped(row.dropOffHi),
    hi: flipped(row.dropOffLo),
    state: row.state,
    share: row.touchedShare,
    ...feeling(felt),
    goal: null,
    goalMet: null,
    secondsP50: row.secondsTouchToAdvanceP50,
    health: null,
  };
}

function edgeOf({ journey }: JourneyScope, row: TransitionRow): MapRow {
  return {
    kind: 'edge',
    stage: row.from,
    to: row.to,
    touchpoint: null,
    title: `${row.from ?? ''} → ${row.to}`.trim(),
    position: journey.stages.findIndex(({ id }) => id === row.from) + 1,
    segment: row.segment,
    bucket: row.bucket,
    entered: row.customers,
    advanced: null,
    lost: null,
    open: null,
    rate: row.share,
    lo: row.lo,
    hi: row.hi,
    state: row.state,
    share: row.share,
    ...feeling(undefined),
    goal: null,
    goalMet: null,
    secondsP50: row.secondsP50,
    health: null,
  };
}
