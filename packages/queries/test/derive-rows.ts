import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import { type CustomerRow, cityHashes, type UnitJourney, unitJourneyCells, unitName } from '@michinori/testing';
import { z } from 'zod';

/** Rows by the text of their key, cells as JSON in which every number is a text. */
export type Rows = ReadonlyMap<string, string>;

function plain(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return plain(Object.fromEntries([...value].sort(([a], [b]) => (a < b ? -1 : 1))));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const text = (cells: Readonly<Record<string, unknown>>) =>
  JSON.stringify(
    Object.entries(cells)
      .map(([name, value]) => [name, plain(value)])
      .sort(),
  );

const cells = z.record(z.string(), z.unknown());

const unitRows = defineQuery({
  name: 'test-unit-journeys',
  sql: `SELECT * REPLACE (toString(rank) AS rank, toString(unit_key) AS unit_key, arrayMap(key -> toString(key), response_customer) AS response_customer)
FROM unit_journeys FINAL WHERE derivation = {derivation:UInt32}`,
  params: z.object({ derivation: z.number() }),
  row: cells,
});

const customerRows = defineQuery({
  name: 'test-customers',
  sql: `SELECT * REPLACE (toString(rank) AS rank, toString(customer_key) AS customer_key) FROM customers FINAL`,
  params: z.object({}),
  row: cells,
});

function keyed(rows: readonly Readonly<Record<string, unknown>>[], key: string): Rows {
  const map = new Map<string, string>();
  for (const row of rows) {
    const name = String(row[key]);
    if (map.has(name)) throw new Error(`two rows of ${name}`);
    map.set(name, text(row));
  }
  return map;
}

export async function storedUnits(clickhouse: ClickHouse, derivation: number): Promise<Rows> {
  return keyed(await clickhouse.query(unitRows, { derivation }), 'unit_key');
}

export async function storedCustomers(clickhouse: ClickHouse): Promise<Rows> {
  return keyed(await clickhouse.query(customerRows, {}), 'customer_key');
}

export async function expectedUnits(
  clickhouse: ClickHouse,
  derivation: number,
  rows: readonly UnitJourney[],
): Promise<Rows> {
  const names = rows.flatMap((row) => [unitName(row), ...row.responses.map(({ customer }) => customer)]);
  const keys = await cityHashes(clickhouse, names);
  return keyed(
    rows.map((row) => unitJourneyCells(derivation, row, keys)),
    'unit_key',
  );
}

export async function expectedCustomers(clickhouse: ClickHouse, rows: readonly CustomerRow[]): Promise<Rows> {
  const nameOf = ({ customer, anonymous }: CustomerRow) => unitName({ unit: customer, anonymous });
  const keys = await cityHashes(clickhouse, rows.map(nameOf));
  return keyed(
    rows.map((row) => ({
      customer_key: keys.get(nameOf(row)),
      rank: row.rank,
      customer: row.customer,
      anonymous: row.anonymous,
      account: row.account,
      first_at: row.firstUs,
      last_at: row.lastUs,
      events: row.events,
      first_traits: row.firstTraits,
      last_traits: row.lastTraits,
    })),
    'customer_key',
  );
}

/** The first row or cell that differs, or null. A rank of 0 is one that the reference doesn't tell. */
export function rowDifference(actual: Rows, expected: Rows): string | null {
  for (const [key, row] of expected) {
    const own = actual.get(key);
    if (own === row) continue;
    if (own === undefined) return `no row for ${row}`;
    const [a, b] = [own, row].map((given) => new Map<string, unknown>(JSON.parse(given)));
    const wrong = [...(b?.keys() ?? [])].filter(
      (name) =>
        JSON.stringify(a?.get(name)) !== JSON.stringify(b?.get(name)) && !(name === 'rank' && b?.get(name) === '0'),
    );
    if (wrong.length === 0) continue;
    return [
      `unit ${b?.get('unit') ?? b?.get('customer')}`,
      ...wrong.map(
        (name) => `  ${name}: SQL ${JSON.stringify(a?.get(name))}\n    reference ${JSON.stringify(b?.get(name))}`,
      ),
    ].join('\n');
  }
  for (const [key, row] of actual) if (!expected.has(key)) return `a row too many: ${row}`;
  return null;
}
