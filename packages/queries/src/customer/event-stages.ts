import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import type { ActiveDerivation } from '../journey/scope.ts';
import type { VisitDetails } from '../journey/visit-details.ts';
import type { CustomerName } from './customer-events.ts';
import { unitOf } from './customer-journeys.ts';
import type { TimelineEvent } from './timeline.ts';
import { readUnitVisits, stageAt, wholeScope } from './unit-visits.ts';

/** The stage that each event of a customer stands in as of an instant, in the order of the events; null outside of all visits. */
export async function readEventStages(
  clickhouse: ClickHouse,
  active: ActiveDerivation,
  customer: CustomerName,
  events: readonly Pick<TimelineEvent, 'atUs' | 'account'>[],
  asOfUs: number,
  options?: QueryOptions,
): Promise<(string | null)[]> {
  const scope = wholeScope(active, asOfUs);
  const visits = new Map<string, readonly VisitDetails[]>();
  const stages: (string | null)[] = [];
  for (const { atUs, account } of events) {
    const unit = unitOf(active, customer, account);
    if (unit !== null && !visits.has(unit.id)) {
      visits.set(unit.id, await readUnitVisits(clickhouse, scope, unit, options));
    }
    stages.push(unit === null ? null : stageAt(visits.get(unit.id) ?? [], atUs));
  }
  return stages;
}
