import {
  type ClickHouse,
  defineQuery,
  integerColumn,
  integerTextColumn,
  type QueryOptions,
} from '@michinori/clickhouse';
import { z } from 'zod';
import type { JourneyScope } from './scope.ts';
import { type VisitDetailRow, type VisitDetails, visitDetails } from './visit-details.ts';

const lastTouches = defineQuery({
  name: 'last-touches',
  sql: `
    SELECT unit_key AS unitKey, visit, max(at) AS atUs
    FROM unit_journeys FINAL
    ARRAY JOIN path_at AS at, path_visit AS visit
    WHERE derivation = {derivation:UInt32} AND unit_key IN (SELECT toUInt64(arrayJoin({keys:Array(String)}))) AND at <= {asOfUs:Int64}
    GROUP BY unitKey, visit`,
  params: z.object({ derivation: z.number(), keys: z.array(z.string()), asOfUs: z.number() }),
  row: z.object({ unitKey: integerTextColumn, visit: integerColumn, atUs: integerColumn }),
});

/** The details of a page of visits. Those that were active after asOf too are looked up: their last touch up to it. */
export async function withTouches(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  rows: readonly VisitDetailRow[],
  options?: QueryOptions,
): Promise<{ readonly unitKey: string; readonly details: VisitDetails }[]> {
  const { derivation, asOfUs } = scope;
  const keys = [...new Set(rows.filter(({ activeUs }) => activeUs > asOfUs).map(({ unitKey }) => unitKey))];
  const found = keys.length === 0 ? [] : await clickhouse.query(lastTouches, { derivation, keys, asOfUs }, options);
  const touches = new Map(found.map(({ unitKey, visit, atUs }) => [`${unitKey} ${visit}`, atUs]));
  return rows.map((row) => ({
    unitKey: row.unitKey,
    details: visitDetails(scope, row, touches.get(`${row.unitKey} ${row.visit}`)),
  }));
}
