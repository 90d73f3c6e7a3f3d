import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { healthDefault, healthOf, titleOf } from '@michinori/journey';
import { meanInterval, wilson } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { type AnsweringEvaluation, readLastEvaluation } from './last-evaluation.ts';
import { storedScores } from './stored-scores.ts';

/** Health of the units in a stage as of the last evaluation. Shares 0…1. */
export interface HealthStageRow {
  readonly stage: string;
  readonly title: string;
  /** Place in the journey, from 1. */
  readonly position: number;
  /** Value of `by`; null without. */
  readonly segment: string | null;
  readonly customers: number;
  /** Mean score, 0…100, with its 95 % interval; null without customers, or where they are too few or all alike. */
  readonly score: number | null;
  readonly scoreLo: number | null;
  readonly scoreHi: number | null;
  /** Whose score is below the threshold of churn. */
  readonly k: number;
  readonly n: number;
  readonly rate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** How many have a score from here up to the next band: 0, 20, 40, 60, 80. */
  readonly from0: number;
  readonly from20: number;
  readonly from40: number;
  readonly from60: number;
  readonly from80: number;
}

const cell = z.object({
  stage: z.string(),
  segment: z.string(),
  customers: integerColumn,
  mean: z.number(),
  variance: z.number().nullable(),
  atRisk: integerColumn,
  bands: z.array(integerColumn),
});

function cellsQuery(scope: JourneyScope, evaluation: AnsweringEvaluation) {
  const parameters = createParameters();
  const { churn } = healthOf(scope.journey) ?? healthDefault;
  const bands = [0, 1, 2, 3, 4].map((band) => `countIf(least(intDiv(score, 20), 4) = ${band})`);
  const sql = `SELECT stage, segment, count() AS customers, avg(score) AS mean, if(count() < 2, NULL, varSamp(score)) AS variance,
  countIf(score < ${parameters.bind(churn.below, 'Float64')}) AS atRisk, [${bands.join(', ')}] AS bands
FROM (\n${storedScores(scope, evaluation, parameters)}\n)
GROUP BY stage, segment
ORDER BY segment, stage`;
  const query = defineQuery({ name: 'health-stages', sql, params: anyParameters, row: cell });
  return { query, values: parameters.values() };
}

export interface HealthStages {
  /** By segment, then stage; terminal stages are left out, since nobody stays there. */
  readonly rows: readonly HealthStageRow[];
  /** As of when, µs; null: there was no evaluation by then. */
  readonly evaluatedUs: number | null;
}

/** Scores by stage and segment, as of the newest evaluation up to the scope's instant. */
export async function runHealthStages(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { language = 'en', ...options }: QueryOptions & { readonly language?: string | undefined } = {},
): Promise<HealthStages> {
  const { journey, asOfUs } = scope;
  const evaluation = await readLastEvaluation(clickhouse, { journey: journey.id, asOfUs }, options);
  if (evaluation === null) return { rows: [], evaluatedUs: null };
  const cells = await runBound(clickhouse, cellsQuery(scope, evaluation), options);
  const segments = scope.by === null ? [''] : [...new Set(cells.map(({ segment }) => segment))];
  const byPlace = new Map(cells.map((each) => [JSON.stringify([each.segment, each.stage]), each]));
  const stages = journey.stages.filter(({ terminal }) => !terminal);
  const rows = segments.flatMap((segment) =>
    stages.map((stage) => {
      const found = byPlace.get(JSON.stringify([segment, stage.id]));
      const place = { stage: stage.id, title: titleOf(stage.title, stage.id, language) };
      const position = journey.stages.indexOf(stage) + 1;
      return { ...place, position, segment: scope.by === null ? null : segment, ...figuresOf(found) };
    }),
  );
  return { rows, evaluatedUs: evaluation.asOfUs };
}

function figuresOf(found: z.output<typeof cell> | undefined) {
  const { customers: n = 0, mean = 0, variance = null, atRisk: k = 0, bands = [] } = found ?? {};
  const score = meanInterval(n, mean, variance);
  const share = n === 0 ? { lo: null, hi: null } : wilson(k, n);
  const [from0 = 0, from20 = 0, from40 = 0, from60 = 0, from80 = 0] = bands;
  return {
    ...{ customers: n, score: score.mean, scoreLo: score.lo, scoreHi: score.hi },
    ...{ k, n, rate: n === 0 ? null : k / n, lo: share.lo, hi: share.hi },
    ...{ from0, from20, from40, from60, from80 },
  };
}
