import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  integerTextColumn,
  type QueryOptions,
} from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { type AccountedVisit, withAccounts } from '../journey/customer-accounts.ts';
import { withTouches } from '../journey/last-touches.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { visitDetail, visitDetailRows } from '../journey/visit-details.ts';
import { decodePlace, encodePlace, shareBehind } from './export-place.ts';

export interface ExportVisitsQuestion {
  /** Units at most; a unit's visits stand on one page. */
  readonly unitsMax: number;
  /** `cursor` of the page before. */
  readonly cursor: string | null;
}

/** A visit with the value of every segment of the journey at entry, in their order. */
export type ExportedVisit = AccountedVisit & { readonly segmentValues: readonly string[] };

export interface ExportVisitsPage {
  readonly rows: readonly ExportedVisit[];
  readonly asOfUs: number;
  /** For the next page; null on the last one. */
  readonly cursor: string | null;
  /** About how much of the whole is done with this page, 0…1. */
  readonly progress: number;
}

const place = z.strictObject({
  /** The question that all pages answer, µs. */
  asOfUs: z.int(),
  fromUs: z.int(),
  toUs: z.int(),
  /** The last unit of the page before. */
  unitKey: z.string().regex(/^\d{1,20}$/),
});

const pageEnd = defineQuery({
  name: 'export-units',
  sql: `
    SELECT toString(max(unit_key)) AS lastKey, count() AS units
    FROM (
      SELECT DISTINCT unit_key
      FROM unit_journeys
      WHERE derivation = {derivation:UInt32} AND unit_key >= {fromKey:UInt64}
      ORDER BY unit_key
      LIMIT {unitsMax:UInt32})`,
  params: z.object({ derivation: z.number(), fromKey: z.bigint(), unitsMax: z.number() }),
  row: z.object({ lastKey: integerTextColumn, units: integerColumn }),
});

/**
 * A page of the visits of a scope: all that began in its range and belong to its segments, unit by unit, of each in their order. All pages look at
 * the asOf and the range of the first. A page may be empty without being the last.
 *
 * @throws JourneyQuestionError for a cursor that is none
 */
export async function readExportVisits(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { unitsMax, cursor }: ExportVisitsQuestion,
  options?: QueryOptions,
): Promise<ExportVisitsPage> {
  const after = cursor === null ? null : decodePlace(cursor, place);
  const { asOfUs, fromUs, toUs } = after ?? scope;
  const fixed: JourneyScope = { ...scope, asOfUs, fromUs, toUs, by: null, interval: null };
  const fromKey = after === null ? 0n : BigInt(after.unitKey) + 1n;
  const { derivation } = scope;
  const [end] = await clickhouse.query(pageEnd, { derivation, fromKey, unitsMax }, options);
  const { lastKey, units } = end ?? { lastKey: '0', units: 0 };
  const rows = units === 0 ? [] : await readVisits(clickhouse, fixed, fromKey, lastKey, options);
  const isLast = units < unitsMax;
  return {
    rows,
    asOfUs,
    cursor: isLast ? null : encodePlace({ asOfUs, fromUs, toUs, unitKey: lastKey }),
    progress: isLast ? 1 : shareBehind(lastKey),
  };
}

async function readVisits(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  fromKey: bigint,
  lastKey: string,
  options: QueryOptions | undefined,
): Promise<ExportedVisit[]> {
  const parameters = createParameters();
  const sql = `SELECT *
FROM (
${visitDetailRows(scope, parameters)}
)
WHERE unitKey BETWEEN ${parameters.bind(fromKey, 'UInt64')} AND ${parameters.bind(lastKey, 'UInt64')}
ORDER BY unitKey, visit`;
  const query = defineQuery({ name: 'export-visits', sql, params: anyParameters, row: visitDetail });
  const found = await runBound(clickhouse, { query, values: parameters.values() }, options);
  const touched = await withTouches(clickhouse, scope, found, options);
  const visits = await withAccounts(clickhouse, scope.journey.unit, touched, options);
  return visits.map((visit, index) => ({ ...visit, segmentValues: found[index]?.values ?? [] }));
}
