import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { cutTo, outcomeName, type PathsQuestion, pathVisits, stageId } from './path-visits.ts';
import { rateOf } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';

/** How often one touchpoint followed another inside a visit. */
export interface PathTransitionRow {
  readonly segment: string | null;
  readonly stage: string;
  /** null: the visit began. */
  readonly from: string | null;
  /** null: nothing followed; `outcome` says what became of the visit. */
  readonly to: string | null;
  readonly outcome: string | null;
  readonly transitions: number;
  readonly customers: number;
  /** All transitions away from `from` in the stage and segment, and the share of these ones. */
  readonly n: number;
  readonly share: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** From touch to touch, or to the end of the visit; null while it is open. */
  readonly secondsP50: number | null;
}

const transitionRow = z.object({
  segment: z.string(),
  stage: z.number(),
  origin: z.string(),
  target: z.string(),
  ending: z.string(),
  transitions: integerColumn,
  customers: integerColumn,
  leaving: integerColumn,
  secondsP50: z.number(),
});

function transitionsQuery(scope: JourneyScope, question: PathsQuestion) {
  const parameters = createParameters();
  const sql = `SELECT *, sum(transitions) OVER (PARTITION BY segment, stage, origin) AS leaving
FROM (
SELECT segment, stage, pair.1 AS origin, pair.2 AS target, pair.3 AS ending, count() AS transitions,
  uniqExact(unit_key) AS customers, quantileExactInclusive(0.5)(pair.4) / 1000000 AS secondsP50
FROM (
SELECT unit_key, segment, stage, arrayZip(
  arrayPushFront(steps, ''),
  arrayPushBack(steps, ''),
  arrayPushBack(arrayMap(x -> '', steps), ${outcomeName}),
  arrayMap((later, earlier) -> later - earlier, arrayPushBack(times, until), arrayPushFront(times, entered))) AS pairs
FROM (
${pathVisits(scope, question, parameters)}
)
)
ARRAY JOIN pairs AS pair
GROUP BY segment, stage, origin, target, ending
)
ORDER BY transitions DESC, segment, stage, origin, target, ending
LIMIT ${parameters.bind(question.limit + 1, 'UInt32')}`;
  const query = defineQuery({ name: 'journey-path-transitions', sql, params: anyParameters, row: transitionRow });
  return { query, values: parameters.values() };
}

/** Transitions between touchpoints inside visits, the most frequent first; beginnings and ends of visits are among them. */
export async function runPathTransitions(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: PathsQuestion,
  options?: QueryOptions,
): Promise<RowsAnswer<PathTransitionRow>> {
  const found = cutTo(await runBound(clickhouse, transitionsQuery(scope, question), options), question.limit);
  const rows = found.rows.map((row): PathTransitionRow => {
    const { n, rate, lo, hi } = rateOf(row.transitions, row.leaving);
    return {
      segment: scope.by === null ? null : row.segment,
      stage: stageId(scope, row.stage),
      from: row.origin || null,
      to: row.target || null,
      outcome: row.ending || null,
      transitions: row.transitions,
      customers: row.customers,
      n,
      share: rate,
      lo,
      hi,
      secondsP50: row.ending === 'open' ? null : row.secondsP50,
    };
  });
  return { rows, isTruncated: found.isTruncated };
}
