import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import { type RiskTable, riskTable } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import type { ActiveDerivation } from '../journey/scope.ts';
import { outcomes, visitRows } from '../journey/visits.ts';

export interface StageDurationsAsked {
  /** Ids of stages. */
  readonly stages: readonly string[];
  /** With what had occurred up to then, µs since 1970. */
  readonly asOfUs: number;
}

const fates = ['open', 'advanced', 'lost'] as const;

const row = z.object({ stage: z.number(), packed: z.array(z.number()) });

/**
 * How long visits to stages lasted, or have lasted so far: all that began up to asOf, by stage. `lost` is every end but an advance. What
 * `advanceQuantile` takes.
 */
export async function readStageDurations(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  { stages, asOfUs }: StageDurationsAsked,
  options?: QueryOptions,
): Promise<ReadonlyMap<string, RiskTable>> {
  const { journey } = active;
  const parameters = createParameters();
  const scope = {
    ...active,
    ...{ fromUs: 0, toUs: asOfUs + 1, asOfUs, given: { from: true, to: true }, segments: [], interval: null },
    ...{ count: 'visits' as const, by: null, timezone: journey.timezone },
  };
  const numbers = journey.stages.flatMap(({ id }, index) => (stages.includes(id) ? [index + 1] : []));
  const visits = visitRows(scope, parameters, { stages: numbers });
  const fate = `multiIf(outcome = ${outcomes.open}, 0, outcome IN (${outcomes.advanced}, ${outcomes.completed}), 1, 2)`;
  const sql = `SELECT stage, arrayMap(x -> toFloat64(x), arraySort(groupArray(toUInt64(until - entered) * 4 + ${fate}))) AS packed
FROM (
${visits}
)
GROUP BY stage
ORDER BY stage`;
  const query = defineQuery({
    ...{ name: 'alert-stage-durations', sql, params: anyParameters, row, settings: journeySettings },
  });
  const rows = await runBound(clickhouse, { query, values: parameters.values() }, options);
  return new Map(
    rows.map(({ stage, packed }) => [
      journey.stages[stage - 1]?.id ?? '',
      riskTable(packed.map((x) => ({ seconds: Math.floor(x / 4) / 1e6, outcome: fates[x % 4] ?? 'open' }))),
    ]),
  );
}
