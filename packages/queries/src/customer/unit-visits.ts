import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { withTouches } from '../journey/last-touches.ts';
import { type ActiveDerivation, type JourneyScope, planJourney } from '../journey/scope.ts';
import { type VisitDetails, visitDetail, visitDetailRows } from '../journey/visit-details.ts';
import { type CustomerName, customerKeySql } from './customer-events.ts';

/** Everything that a journey holds as of an instant, without a range or a filter. */
export function wholeScope(active: ActiveDerivation, asOfUs: number): JourneyScope {
  return planJourney({ asOf: asOfUs, count: 'visits' }, active, asOfUs);
}

/** The visits of one unit as of the scope's instant, in their order. */
export async function readUnitVisits(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  unit: CustomerName,
  options?: QueryOptions,
): Promise<VisitDetails[]> {
  const parameters = createParameters();
  const sql = `SELECT *
FROM (
${visitDetailRows(scope, parameters, { cohort: 'all' })}
)
WHERE unitKey = ${customerKeySql(unit, parameters)}
ORDER BY visit`;
  const query = defineQuery({ name: 'unit-visits', sql, params: anyParameters, row: visitDetail });
  const rows = await runBound(clickhouse, { query, values: parameters.values() }, options);
  return (await withTouches(clickhouse, scope, rows, options)).map(({ details }) => details);
}

/**
 * The stage that a unit stands in at a time, by its visits; null outside of all. The end of a visit still belongs to it, unless another
 * begins at that instant.
 */
export function stageAt(visits: readonly VisitDetails[], atUs: number): string | null {
  const visit = visits.findLast(({ enteredUs }) => enteredUs <= atUs);
  if (visit === undefined || (visit.endedUs !== null && visit.endedUs < atUs)) return null;
  return visit.stage;
}
