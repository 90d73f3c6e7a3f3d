import { bigintColumn, type ClickHouse, defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';

/** An inclusive range of unit keys, with the number of units that stand in it. */
export interface KeyRange {
  readonly fromKey: bigint;
  readonly toKey: bigint;
  readonly units: number;
}

// Keys are hashes, so equal slices of the key space hold about equal numbers of units.
const sliceBits = 16n;
const sliceShift = 64n - sliceBits;
const lastKey = 2n ** 64n - 1n;

const slicesOf = (name: string, sizes: string) =>
  defineQuery({
    name,
    sql: `SELECT bitShiftRight(unit_key, ${sliceShift}) AS slice, count() AS units, sum(size) AS events
FROM (${sizes})
GROUP BY slice
ORDER BY slice`,
    settings: { optimize_aggregation_in_order: 1 },
    params: z.object({}),
    row: z.object({ slice: bigintColumn, units: integerColumn, events: integerColumn }),
  });

const customerSizes = 'SELECT customer_key AS unit_key, count() AS size FROM events GROUP BY customer_key';

const slices = {
  customer: slicesOf('customer-key-slices', customerSizes),
  account: slicesOf(
    'account-key-slices',
    `SELECT account_key AS unit_key, sum(sizes.size) AS size
FROM (SELECT DISTINCT account_key, customer_key FROM account_members) AS members
INNER JOIN (${customerSizes}) AS sizes ON members.customer_key = sizes.unit_key
GROUP BY account_key`,
  ),
};

/**
 * Cuts all keys into ranges of about `eventsPerRange` stored events (more where one slice of 1/65 536 of the keys holds more); together the ranges
 * cover every key exactly once, also keys of units that don't exist yet.
 */
export async function keyRanges(
  clickhouse: ClickHouse,
  unit: 'customer' | 'account',
  { eventsPerRange }: { readonly eventsPerRange: number },
): Promise<readonly KeyRange[]> {
  const rows = await clickhouse.query(slices[unit], {});
  const ranges: KeyRange[] = [];
  let fromKey = 0n;
  let units = 0;
  let events = 0;
  for (const row of rows) {
    if (units > 0 && events + row.events > eventsPerRange) {
      const nextKey = row.slice << sliceShift;
      ranges.push({ fromKey, toKey: nextKey - 1n, units });
      fromKey = nextKey;
      units = 0;
      events = 0;
    }
    units += row.units;
    events += row.events;
  }
  return [...ranges, { fromKey, toKey: lastKey, units }];
}
