import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { meanInterval, type Sample, shrinkMeans } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { isoText } from '../funnel/time.ts';
import { groupRows } from './group-rows.ts';
import { responseRows } from './response-rows.ts';
import type { JourneyScope } from './scope.ts';

const unitsMin = 30;

/** Mean sentiment (−1 … 1) of one stage, or of one touchpoint in a stage. Each customer counts once, with a mean of their own. */
export interface EmotionRow {
  readonly kind: 'stage' | 'touchpoint';
  readonly stage: string;
  readonly touchpoint: string | null;
  /** Place of the stage in the journey, from 1. */
  readonly position: number;
  readonly segment: string | null;
  readonly bucket: string | null;
  readonly customers: number;
  readonly responses: number;
  /** As measured. */
  readonly mean: number | null;
  /** What to draw: `mean`, or with few customers the mean drawn towards that of the journey (`shrunk`). */
  readonly sentiment: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly shrunk: boolean;
  readonly state: 'insufficient' | 'ok';
  /** The lowest stage whose upper bound is below the journey's mean. */
  readonly trough: boolean;
  /** Mean over the customers of the journey in the same segment and bucket. */
  readonly journeyMean: number | null;
}

const cellRow = z.object({
  stage: z.number(),
  touchpoint: z.string(),
  level: integerColumn,
  segment: z.string(),
  bucket: integerColumn,
  customers: integerColumn,
  responses: integerColumn,
  mean: z.number(),
  variance: z.number().nullable(),
});
export type EmotionCell = z.output<typeof cellRow>;

/** Sums of fractions depend on the order of their terms, so the values are sorted first: whoever asks gets the same digits. */
function emotionQuery(scope: JourneyScope) {
  const parameters = createParameters();
  const customer = 'segment, bucket, unit_key, customer';
  const sql = `WITH arraySort(groupArray(own)) AS sorted
SELECT stage, touchpoint, level, segment, bucket, count() AS customers, sum(n) AS responses,
  arrayReduce('avg', sorted) AS mean, if(customers > 1, arrayReduce('varSampStable', sorted), NULL) AS variance
FROM (
  SELECT stage, touchpoint, 2 - grouping(stage) - grouping(touchpoint) AS level, ${customer}, arrayReduce('avg', arraySort(groupArray(sentiment))) AS own, count() AS n
  FROM (SELECT * REPLACE(toString(touchpoint) AS touchpoint) FROM (${responseRows(scope, parameters)}) WHERE sentiment <= 1 AND stage > 0)
  GROUP BY GROUPING SETS ((${customer}), (stage, ${customer}), (stage, touchpoint, ${customer}))
)
GROUP BY stage, touchpoint, level, segment, bucket
ORDER BY level, segment, bucket, stage, touchpoint`;
  const query = defineQuery({ name: 'journey-emotion', sql, params: anyParameters, row: cellRow });
  return { query, values: parameters.values() };
}

/**
 * The emotion curve: customer means first, then mean and Student interval per stage and touchpoint in the order of the journey. Cells of fewer
 * than 30 customers are drawn towards the mean of their kind (empirical Bayes: Morris, 1983) and flagged. Responses outside of visits don't count.
 */
export async function runEmotion(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  options?: QueryOptions,
): Promise<{ rows: EmotionRow[] }> {
  return { rows: emotionRows(scope, await readEmotionCells(clickhouse, scope, options)) };
}

/** Counts, means and variances over customers: of the journey (level 0), of stages (1) and of their touchpoints (2). */
export function readEmotionCells(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  options?: QueryOptions,
): Promise<EmotionCell[]> {
  return runBound(clickhouse, emotionQuery(scope), options);
}

/** Rows of the answer from the cells. Pure. */
export function emotionRows(scope: Pick<JourneyScope, 'by' | 'interval' | 'journey'>, cells: readonly EmotionCell[]) {
  const groups = groupRows(cells, ({ segment, bucket }) => JSON.stringify([segment, bucket]));
  return [...groups.values()].flatMap((group) => {
    const journeyMean = group.find(({ level }) => level === 0)?.mean ?? null;
    const stages = curve(scope, group, 1, journeyMean);
    const low = stages
      .filter(({ hi }) => hi !== null && journeyMean !== null && hi < journeyMean)
      .sort((a, b) => (a.sentiment ?? 0) - (b.sentiment ?? 0))[0];
    const touchpoints = curve(scope, group, 2, journeyMean);
    return stages.flatMap((stage) => [
      { ...stage, trough: stage === low },
      ...touchpoints.filter(({ position }) => position === stage.position),
    ]);
  });
}

function curve(
  scope: Pick<JourneyScope, 'by' | 'interval' | 'journey'>,
  group: readonly EmotionCell[],
  level: number,
  journeyMean: number | null,
): EmotionRow[] {
  const cells = group.filter((cell) => cell.level === level);
  const samples: Sample[] = cells.map(({ customers, mean, variance }) => ({ n: customers, mean, variance }));
  const shrunk = shrinkMeans(samples);
  return cells.map((cell, i) => {
    const own = meanInterval(cell.customers, cell.mean, cell.variance);
    const drawn = cell.customers < unitsMin ? shrunk?.cells[i] : undefined;
    const clip = (value: number | null | undefined) => (value == null ? null : Math.min(1, Math.max(-1, value)));
    return {
      kind: level === 1 ? 'stage' : 'touchpoint',
      stage: scope.journey.stages[cell.stage - 1]?.id ?? '',
      touchpoint: level === 1 ? null : cell.touchpoint,
      position: cell.stage,
      segment: scope.by === null ? null : cell.segment,
      bucket: scope.interval === null ? null : isoText(cell.bucket),
      customers: cell.customers,
      responses: cell.responses,
      mean: cell.mean,
      sentiment: clip(drawn?.shrunk ?? cell.mean),
      lo: clip(drawn?.lo ?? own.lo),
      hi: clip(drawn?.hi ?? own.hi),
      shrunk: drawn !== undefined,
      state: cell.customers < unitsMin ? 'insufficient' : 'ok',
      trough: false,
      journeyMean,
    };
  });
}
