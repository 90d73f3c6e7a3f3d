import type { ClickHouse } from '@michinori/clickhouse';
import { hotCustomers } from '@michinori/queries';
import type { Derive } from './derive.ts';
import { type DirtyUnit, unitOfRow } from './dirty-unit.ts';

/** A dirty customer whose derivation is expensive: by its own timeline, or by that of an account that it carried. */
export interface HotCustomer {
  unit: DirtyUnit;
  /** What is hot: all customers with the same one are derived together. */
  group: string;
  events: number;
}

/** Makes the function that finds the hot customers of a round. Accounts are only looked at where a journey has them as units. */
export function createFindHot({
  clickhouse,
  derive,
  hotEventsMin,
}: {
  clickhouse: ClickHouse;
  derive: Derive;
  hotEventsMin: number;
}) {
  return async function findHot(round: string, { withAccounts }: { withAccounts: boolean }): Promise<HotCustomer[]> {
    const scope = { kind: 'round', round } as const;
    const customers = await derive.hot('customer', scope, { eventsMin: hotEventsMin });
    const accounts = withAccounts ? await derive.hot('account', scope, { eventsMin: hotEventsMin }) : [];
    if (customers.length === 0 && accounts.length === 0) return [];
    const events = new Map<string, number>([
      ...customers.map((size) => [`customer ${size.unitKey}`, size.events] as const),
      ...accounts.map((size) => [`account ${size.unitKey}`, size.events] as const),
    ]);
    const rows = await clickhouse.queryOnWriter(hotCustomers, {
      round,
      customers: customers.map(({ unitKey }) => unitKey),
      accounts: accounts.map(({ unitKey }) => unitKey),
    });
    const found = new Map<DirtyUnit, HotCustomer>();
    for (const row of rows) {
      const unit = unitOfRow(row);
      const group = `${row.unit} ${row.hotKey}`;
      const other = found.get(unit);
      const size = events.get(group) ?? hotEventsMin;
      if (other === undefined || other.events < size) found.set(unit, { unit, group, events: size });
    }
    return [...found.values()];
  };
}
