import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import { cityHashes, type UnitJourney, unitJourneyCells, unitName } from '@michinori/testing';
import { z } from 'zod';

const storedRows = defineQuery({
  name: 'e2e-unit-journeys',
  sql: `SELECT * REPLACE (toString(rank) AS rank, toString(unit_key) AS unit_key, arrayMap(key -> toString(key), response_customer) AS response_customer)
FROM unit_journeys FINAL WHERE derivation = {derivation:UInt32}`,
  params: z.object({ derivation: z.number() }),
  row: z.record(z.string(), z.unknown()),
});

/** A row as text, every number as a text of its own, so that rows from the store and from the reference can be compared whole. */
function textOf(cells: Readonly<Record<string, unknown>>): string {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  };
  return JSON.stringify(
    Object.entries(cells)
      .map(([name, value]) => [name, plain(value)])
      .sort(),
  );
}

/** The rows of a derivation as texts, in order. */
export async function storedTexts(clickhouse: ClickHouse, derivation: number): Promise<string[]> {
  const rows = await clickhouse.query(storedRows, { derivation }, { limits: { resultRowsMax: 1_000_000 } });
  return rows.map(textOf).sort();
}

/** What {@link storedTexts} has to be. */
export async function referenceTexts(
  clickhouse: ClickHouse,
  derivation: number,
  rows: readonly UnitJourney[],
): Promise<string[]> {
  const names = rows.flatMap((row) => [unitName(row), ...row.responses.map(({ customer }) => customer)]);
  const keys = await cityHashes(clickhouse, names);
  return rows.map((row) => textOf(unitJourneyCells(derivation, row, keys))).sort();
}
