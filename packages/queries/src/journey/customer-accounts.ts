import { type ClickHouse, defineQuery, integerTextColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import type { VisitDetails } from './visit-details.ts';

const accountsOf = defineQuery({
  name: 'accounts-of-customers',
  sql: `
    SELECT customer_key AS customerKey, account
    FROM customers FINAL
    WHERE customer_key IN (SELECT toUInt64(arrayJoin({keys:Array(String)}))) AND account != ''`,
  params: z.object({ keys: z.array(z.string()) }),
  row: z.object({ customerKey: integerTextColumn, account: z.string() }),
});

/** A visit with the customer and the account that made it. */
export type AccountedVisit = Omit<VisitDetails, 'unit'> & {
  /** null for an anonymous customer, and in journeys of accounts. */
  readonly customer: string | null;
  /** The account that travels, or the customer's present one. */
  readonly account: string | null;
};

/** Names the customer and the account of visits; customers' accounts are those of table `customers`. */
export async function withAccounts(
  clickhouse: ClickHouse,
  unit: 'customer' | 'account',
  rows: readonly { readonly unitKey: string; readonly details: VisitDetails }[],
  options?: QueryOptions,
): Promise<AccountedVisit[]> {
  if (unit === 'account') {
    return rows.map(({ details: { unit: account, ...rest } }) => ({
      customer: null,
      account,
      ...rest,
      anonymous: null,
    }));
  }
  if (rows.length === 0) return [];
  const keys = [...new Set(rows.map(({ unitKey }) => unitKey))];
  const found = await clickhouse.query(accountsOf, { keys }, options);
  const accounts = new Map(found.map(({ customerKey, account }) => [customerKey, account]));
  return rows.map(({ unitKey, details: { unit: customer, ...rest } }) => ({
    customer,
    account: accounts.get(unitKey) ?? null,
    ...rest,
  }));
}
