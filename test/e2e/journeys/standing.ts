import { type ClickHouse, defineQuery, integerColumn } from '@michinori/clickhouse';
import { type ActiveDerivation, outcomes, visitRows } from '@michinori/queries';
import { z } from 'zod';
import { demoScope } from './demo-world.ts';

/** How many units stand where: every unit once, at the last of its visits, by stage and outcome. */
export async function standingNow(clickhouse: ClickHouse, active: ActiveDerivation) {
  const values: Record<string, unknown> = {};
  const visits = visitRows(demoScope(active), {
    bind: (value, type) => {
      const name = `p${Object.keys(values).length}`;
      values[name] = value;
      return `{${name}:${type}}`;
    },
    values: () => ({}),
  });
  const { advanced, completed, lost, silent, open } = outcomes;
  const query = defineQuery({
    name: 'e2e-standing',
    sql: `SELECT last_stage AS stage, count() AS entered, countIf(last_outcome IN (${advanced}, ${completed})) AS advanced,
  countIf(last_outcome = ${lost}) AS lostByExit, countIf(last_outcome = ${silent}) AS lostBySilence, countIf(last_outcome = ${open}) AS open
FROM (SELECT unit_key, argMax(stage, visit) AS last_stage, argMax(outcome, visit) AS last_outcome FROM (${visits}) GROUP BY unit_key)
GROUP BY stage`,
    params: z.record(z.string(), z.unknown()),
    row: z.object({
      stage: z.number(),
      entered: integerColumn,
      advanced: integerColumn,
      lostByExit: integerColumn,
      lostBySilence: integerColumn,
      open: integerColumn,
    }),
  });
  const rows = await clickhouse.query(query, values);
  return Object.fromEntries(
    rows.map(({ stage, ...counts }) => [active.journey.stages[stage - 1]?.id ?? '', counts] as const),
  );
}
