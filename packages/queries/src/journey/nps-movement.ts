import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { type NpsClass, npsClasses, npsMovement } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { isoText } from '../funnel/time.ts';
import { groupRows } from './group-rows.ts';
import { responseRows } from './response-rows.ts';
import type { JourneyScope } from './scope.ts';

/** How many customers of one class were in which class the next time that they answered. */
export interface NpsMovementRow {
  readonly segment: string | null;
  /** Bucket of the later answer. */
  readonly bucket: string;
  readonly from: NpsClass;
  readonly to: NpsClass;
  readonly customers: number;
  /** Of those who were `from`; null when nobody was. */
  readonly share: number | null;
}

const moveRow = z.object({
  segment: z.string(),
  bucket: integerColumn,
  before: z.enum(npsClasses),
  after: z.enum(npsClasses),
  count: integerColumn,
});

const classSql = (score: string) => `multiIf(${score} >= 9, 'promoter', ${score} >= 7, 'passive', 'detractor')`;

function movementQuery(scope: JourneyScope) {
  const parameters = createParameters();
  const sql = `SELECT segment, bucket, before, after, count() AS count
FROM (
  SELECT segment, buckets[i] AS bucket, ${classSql('scores[i - 1]')} AS before, ${classSql('scores[i]')} AS after
  FROM (
    SELECT segment, unit_key, customer, arraySort(groupArray((bucket, score))) AS answers,
      answers.1 AS buckets, answers.2 AS scores
    FROM (
      SELECT segment, unit_key, customer, bucket, argMax(nps, (at, place)) AS score
      FROM (${responseRows(scope, parameters)})
      WHERE nps >= 0
      GROUP BY segment, unit_key, customer, bucket
    )
    GROUP BY segment, unit_key, customer
  )
  ARRAY JOIN range(2, length(answers) + 1) AS i
)
GROUP BY segment, bucket, before, after
ORDER BY segment, bucket`;
  const query = defineQuery({ name: 'journey-nps-movement', sql, params: anyParameters, row: moveRow });
  return { query, values: parameters.values() };
}

/**
 * Movement between promoter, passive and detractor: each customer's latest answer in a bucket against the latest one in the next bucket in which
 * the customer answered. Without an interval the buckets are months. All nine cells of a bucket with any movement are listed.
 */
export async function runNpsMovement(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  options?: QueryOptions,
): Promise<{ rows: NpsMovementRow[] }> {
  const monthly = { ...scope, interval: scope.interval ?? 'month' } as const;
  const moves = await runBound(clickhouse, movementQuery(monthly), options);
  const cells = groupRows(moves, ({ segment, bucket }) => JSON.stringify([segment, bucket]));
  const rows = [...cells.values()].flatMap((cell) => {
    const { counts, shares } = npsMovement(cell);
    const { segment = '', bucket = 0 } = cell[0] ?? {};
    return npsClasses.flatMap((from) =>
      npsClasses.map((to) => ({
        segment: scope.by === null ? null : segment,
        bucket: isoText(bucket),
        from,
        to,
        customers: counts[from][to],
        share: shares[from]?.[to] ?? null,
      })),
    );
  });
  return { rows };
}
