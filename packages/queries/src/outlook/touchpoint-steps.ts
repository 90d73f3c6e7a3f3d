import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { type TouchpointModel, type TouchpointStep, touchpointModel } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import { pathVisits } from '../journey/path-visits.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { learningScope } from './outlook-scope.ts';

const stepRow = z.object({ origin: z.string(), target: z.string(), steps: integerColumn });

/** Most pairs of touchpoints of a stage that a model is learnt from; the rarest are left out. */
const pairsMax = 20_000;

/** How often one touchpoint followed another within the visits to a stage that the scope learns from. */
export async function readTouchpointSteps(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  stage: number,
  options?: QueryOptions,
): Promise<TouchpointStep[]> {
  const parameters = createParameters();
  const sql = `SELECT pair.1 AS origin, pair.2 AS target, count() AS steps
FROM (
SELECT arrayZip(arrayPopBack(steps), arrayPopFront(steps)) AS pairs
FROM (
${pathVisits({ ...learningScope(scope), by: null }, { stage }, parameters)}
)
)
ARRAY JOIN pairs AS pair
GROUP BY origin, target
ORDER BY steps DESC, origin, target
LIMIT ${pairsMax}`;
  const query = defineQuery({
    name: 'outlook-touchpoints',
    sql,
    params: anyParameters,
    row: stepRow,
    settings: journeySettings,
  });
  const rows = await runBound(clickhouse, { query, values: parameters.values() }, options);
  return rows.map(({ origin, target, steps }) => ({ from: origin, to: target, count: steps }));
}

/** What comes next in a stage, given the last touchpoint; the touchpoint that enters the stage is none that follows. */
export async function readTouchpointModel(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  stage: number,
  options?: QueryOptions,
): Promise<TouchpointModel> {
  return touchpointModel(await readTouchpointSteps(clickhouse, scope, stage, options));
}
