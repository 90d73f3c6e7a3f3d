import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { cutTo, type PathsQuestion, pathVisits, stageId } from './path-visits.ts';
import { maturity, type RateState, rateOf } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';
import { outcomes } from './visits.ts';

/** A way through a stage: its touchpoints in order, repetitions in a row taken as one. */
export interface PathVariantRow {
  readonly segment: string | null;
  readonly stage: string;
  /** Touchpoints with arrows between them; after the 20th comes `…`. */
  readonly variant: string;
  /** Touchpoints in it, the hidden ones not counted. */
  readonly touchpoints: number;
  readonly visits: number;
  readonly customers: number;
  /** Of all visits to the stage in the segment. */
  readonly share: number;
  readonly advanced: number;
  readonly lost: number;
  readonly returned: number;
  readonly open: number;
  /** Share of `visits` that advanced, or completed the journey, so far. */
  readonly advancedRate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly state: RateState;
  readonly matureShare: number | null;
}

/** Longer ways are cut here. */
const touchpointsMax = 20;

const variantRow = z.object({
  segment: z.string(),
  stage: z.number(),
  names: z.array(z.string()),
  isCut: z.number(),
  visits: integerColumn,
  customers: integerColumn,
  ofStage: integerColumn,
  advanced: integerColumn,
  lost: integerColumn,
  returned: integerColumn,
  open: integerColumn,
  mature: integerColumn,
});

function variantsQuery(scope: JourneyScope, question: PathsQuestion) {
  const parameters = createParameters();
  const { advanced, completed, lost, silent, returned, open } = outcomes;
  const horizons = parameters.bind(
    scope.journey.stages.map(({ horizonUs }) => horizonUs),
    'Array(Int64)',
  );
  const sql = `SELECT *, sum(visits) OVER (PARTITION BY segment, stage) AS ofStage
FROM (
SELECT segment, stage, names, isCut, count() AS visits, uniqExact(unit_key) AS customers,
  countIf(outcome IN (${advanced}, ${completed})) AS advanced, countIf(outcome IN (${lost}, ${silent})) AS lost,
  countIf(outcome = ${returned}) AS returned, countIf(outcome = ${open}) AS open,
  countIf(outcome != ${open} OR until - entered >= ${horizons}[stage]) AS mature
FROM (
SELECT unit_key, segment, stage, outcome, entered, until, arrayCompact(steps) AS whole,
  arraySlice(whole, 1, ${touchpointsMax}) AS names, length(whole) > ${touchpointsMax} AS isCut
FROM (
${pathVisits(scope, question, parameters)}
)
)
GROUP BY segment, stage, names, isCut
)
ORDER BY visits DESC, segment, stage, names, isCut
LIMIT ${parameters.bind(question.limit + 1, 'UInt32')}`;
  const query = defineQuery({ name: 'journey-path-variants', sql, params: anyParameters, row: variantRow });
  return { query, values: parameters.values() };
}

/** The ways through the stages, the most frequent first, each with what became of it. */
export async function runPathVariants(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: PathsQuestion,
  options?: QueryOptions,
): Promise<RowsAnswer<PathVariantRow>> {
  const found = cutTo(await runBound(clickhouse, variantsQuery(scope, question), options), question.limit);
  const rows = found.rows.map(({ segment, stage, names, isCut, visits, customers, ofStage, ...counts }) => {
    const { rate, lo, hi } = rateOf(counts.advanced, visits);
    const { mature, ...shown } = counts;
    return {
      segment: scope.by === null ? null : segment,
      stage: stageId(scope, stage),
      variant: [...names, ...(isCut === 1 ? ['…'] : [])].join(' → '),
      touchpoints: names.length,
      visits,
      customers,
      share: visits / ofStage,
      ...shown,
      advancedRate: rate,
      lo,
      hi,
      ...maturity(mature, visits),
    };
  });
  return { rows, isTruncated: found.isTruncated };
}
