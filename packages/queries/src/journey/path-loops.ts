import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { cutTo, type PathsQuestion, pathVisits, stageId } from './path-visits.ts';
import { rateOf } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';

/** A touchpoint that customers come back to inside a visit, after something else. */
export interface PathLoopRow {
  readonly segment: string | null;
  readonly stage: string;
  readonly touchpoint: string;
  /** Visits with the touchpoint, and those of them that came back to it. */
  readonly visits: number;
  readonly returningVisits: number;
  readonly returningShare: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  /** How often somebody came back. */
  readonly returns: number;
  /** The touchpoint that most often stands directly before the return. */
  readonly via: string;
}

const loopRow = z.object({
  segment: z.string(),
  stage: z.number(),
  touchpoint: z.string(),
  visits: integerColumn,
  returningVisits: integerColumn,
  returns: integerColumn,
  via: z.string(),
});

function loopsQuery(scope: JourneyScope, question: PathsQuestion) {
  const parameters = createParameters();
  const sql = `SELECT segment, stage, touchpoint, sum(firsts) AS visits, sum(seconds) AS returningVisits, sum(repeats) AS returns,
  argMin(before, (-toInt64(repeats), before)) AS via
FROM (
SELECT segment, stage, touchpoint, before, countIf(nth = 1) AS firsts, countIf(nth = 2) AS seconds, countIf(nth > 1) AS repeats
FROM (
SELECT segment, stage, arrayCompact(steps) AS whole
FROM (
${pathVisits(scope, question, parameters)}
)
)
ARRAY JOIN whole AS touchpoint, arrayPushFront(arrayPopBack(whole), '') AS before, arrayEnumerateUniq(whole) AS nth
GROUP BY segment, stage, touchpoint, before
)
GROUP BY segment, stage, touchpoint
HAVING returns > 0
ORDER BY returns DESC, segment, stage, touchpoint
LIMIT ${parameters.bind(question.limit + 1, 'UInt32')}`;
  const query = defineQuery({ name: 'journey-path-loops', sql, params: anyParameters, row: loopRow });
  return { query, values: parameters.values() };
}

/** Touchpoints that visits come back to, those with the most returns first. */
export async function runPathLoops(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: PathsQuestion,
  options?: QueryOptions,
): Promise<RowsAnswer<PathLoopRow>> {
  const found = cutTo(await runBound(clickhouse, loopsQuery(scope, question), options), question.limit);
  const rows = found.rows.map(({ segment, stage, touchpoint, visits, returningVisits, returns, via }): PathLoopRow => {
    const { rate, lo, hi } = rateOf(returningVisits, visits);
    return {
      segment: scope.by === null ? null : segment,
      stage: stageId(scope, stage),
      touchpoint,
      visits,
      returningVisits,
      returningShare: rate,
      lo,
      hi,
      returns,
      via,
    };
  });
  return { rows, isTruncated: found.isTruncated };
}
