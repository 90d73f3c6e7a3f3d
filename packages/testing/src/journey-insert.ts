import { bigintColumn, type ClickHouse, defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';
import { type UnitJourney, unitName } from './journey-reference.ts';

const hashes = defineQuery({
  name: 'test-city-hashes',
  sql: 'SELECT arrayMap(text -> cityHash64(text), {texts:Array(String)}) AS hashes',
  params: z.object({ texts: z.array(z.string()) }),
  row: z.object({ hashes: z.array(bigintColumn) }),
});

/** The keys of customers, accounts or other texts, as the tables have them: `cityHash64` of the name. */
export async function cityHashes(clickhouse: ClickHouse, texts: Iterable<string>): Promise<Map<string, bigint>> {
  const distinct = [...new Set(texts)];
  const [row] = await clickhouse.query(hashes, { texts: distinct });
  return new Map(distinct.map((text, index) => [text, row?.hashes[index] ?? 0n]));
}

type Cells = Readonly<Record<string, unknown>>;

function visitCells({ visits }: UnitJourney): Cells {
  return {
    visit_cycle: visits.map(({ cycle }) => cycle),
    visit_stage: visits.map(({ stage }) => stage),
    visit_entered: visits.map(({ enteredUs }) => enteredUs),
    visit_ended: visits.map(({ endedUs }) => endedUs),
    visit_outcome: visits.map(({ outcome }) => outcome),
    visit_next: visits.map(({ next }) => next),
    visit_reason: visits.map(({ reason }) => reason),
    visit_active: visits.map(({ activeUs }) => activeUs),
    visit_segments: visits.map(({ segments }) => segments),
  };
}

function touchCells({ touches, path }: UnitJourney): Cells {
  return {
    touch_visit: touches.map(({ visit }) => visit),
    touch_touchpoint: touches.map(({ touchpoint }) => touchpoint),
    touch_first: touches.map(({ firstUs }) => firstUs),
    touch_last: touches.map(({ lastUs }) => lastUs),
    touch_count: touches.map(({ count }) => count),
    touch_is_last: touches.map(({ isLast }) => isLast),
    path_at: path.map(({ atUs }) => atUs),
    path_visit: path.map(({ visit }) => visit),
    path_touchpoint: path.map(({ touchpoint }) => touchpoint),
  };
}

function responseCells({ responses }: UnitJourney, keys: ReadonlyMap<string, bigint>): Cells {
  return {
    response_at: responses.map(({ atUs }) => atUs),
    response_visit: responses.map(({ visit }) => visit),
    response_customer: responses.map(({ customer }) => keys.get(customer) ?? 0n),
    response_touchpoint: responses.map(({ touchpoint }) => touchpoint),
    response_after: responses.map(({ after }) => after),
    response_nps: responses.map(({ nps }) => nps),
    response_sentiment: responses.map(({ sentiment }) => sentiment),
    response_asked: responses.map(({ asked }) => asked),
  };
}

/**
 * A reference row as the values of table `unit_journeys`, by column; `keys` are those of {@link cityHashes} for the unit's
 * name and the names of the customers who responded.
 */
export function unitJourneyCells(derivation: number, row: UnitJourney, keys: ReadonlyMap<string, bigint>): Cells {
  const { unit, anonymous, rank } = row;
  return {
    derivation,
    unit_key: keys.get(unitName(row)) ?? 0n,
    rank,
    unit,
    anonymous,
    ...visitCells(row),
    ...touchCells(row),
    ...responseCells(row, keys),
  };
}

/** Writes reference rows into table `unit_journeys`, so that queries can be tested on events without the SQL of the walk. */
export async function insertUnitJourneys(
  clickhouse: ClickHouse,
  derivation: number,
  rows: readonly UnitJourney[],
): Promise<void> {
  const names = rows.flatMap((row) => [unitName(row), ...row.responses.map(({ customer }) => customer)]);
  const keys = await cityHashes(clickhouse, names);
  const cells = rows.map((row) => unitJourneyCells(derivation, row, keys));
  const columns = Object.keys(cells[0] ?? {});
  await clickhouse.insert({ table: 'unit_journeys', columns, rows: cells.map((cell) => Object.values(cell)) });
}
