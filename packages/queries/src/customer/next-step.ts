import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { pathVisits } from '../journey/path-visits.ts';
import { visitsMin } from '../journey/rates.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { outcomes } from '../journey/visits.ts';

/** What most often follows. */
export interface NextStep {
  readonly touchpoint: string;
  /** Of n: how often this came next. */
  readonly share: number;
  /** How often anything is known to have come next, the end of the visit included. */
  readonly n: number;
}

const stepRow = z.object({ target: z.string(), followed: integerColumn, n: integerColumn });

/** Visits that began longer ago say nothing about what comes next. */
const lookBackUs = 365 * 86_400_000_000;

/**
 * The touchpoint that most often follows `touchpoint` inside visits to a stage that began within 365 days before asOf; null with fewer than 30
 * examples. Visits that are open after it are no example.
 */
export async function readNextStep(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { stage, touchpoint }: { readonly stage: number; readonly touchpoint: string },
  options?: QueryOptions,
): Promise<NextStep | null> {
  const parameters = createParameters();
  const recent = { ...scope, fromUs: scope.asOfUs - lookBackUs, toUs: scope.asOfUs + 1, by: null, segments: [] };
  const from = parameters.bind(touchpoint, 'String');
  const sql = `SELECT target, count() AS followed, sum(followed) OVER () AS n
FROM (
SELECT outcome, arrayFilter((later, step) -> step = ${from}, arrayPushBack(arrayPopFront(steps), ''), steps) AS targets
FROM (
${pathVisits(recent, { stage }, parameters)}
)
)
ARRAY JOIN targets AS target
WHERE target != '' OR outcome != ${outcomes.open}
GROUP BY target
ORDER BY followed DESC, target`;
  const query = defineQuery({ name: 'journey-next-step', sql, params: anyParameters, row: stepRow });
  const rows = await runBound(clickhouse, { query, values: parameters.values() }, options);
  const best = rows.find(({ target }) => target !== '');
  if (best === undefined || best.n < visitsMin) return null;
  return { touchpoint: best.target, share: best.followed / best.n, n: best.n };
}
