import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import type { ActiveDerivation } from './scope.ts';

/** A value that a segment of a journey had at the entry of visits. */
export interface SegmentValue {
  readonly journey: string;
  readonly segment: string;
  /** `''`: the trait was missing. */
  readonly value: string;
  readonly visits: number;
  /** Units: customers, or accounts. */
  readonly customers: number;
  /** The latest entry, µs. */
  readonly lastUs: number;
}

const segmentValues = defineQuery({
  name: 'segment-values',
  sql: `
    SELECT place, toString(value) AS value, count() AS visits, uniqExact(unit_key) AS customers, max(entered) AS lastUs
    FROM (
      SELECT unit_key, entered, segments
      FROM unit_journeys FINAL
      ARRAY JOIN visit_entered AS entered, visit_segments AS segments
      WHERE derivation = {derivation:UInt32} AND entered > {fromUs:Int64} AND entered <= {asOfUs:Int64})
    ARRAY JOIN segments AS value, arrayEnumerate(segments) AS place
    GROUP BY place, value
    ORDER BY place, visits DESC, value
    LIMIT {limit:UInt32}`,
  params: z.object({ derivation: z.number(), fromUs: z.number(), asOfUs: z.number(), limit: z.number() }),
  row: z.object({
    place: integerColumn,
    value: z.string(),
    visits: integerColumn,
    customers: integerColumn,
    lastUs: integerColumn,
  }),
});

const lookBackUs = 365 * 86_400_000_000;

/** The values of a journey's segments at the visits that began in the 365 days up to asOf, the most frequent first; `limit` at most. */
export async function listSegmentValues(
  clickhouse: ClickHouse,
  { derivation, journey }: ActiveDerivation,
  { asOfUs, limit }: { readonly asOfUs: number; readonly limit: number },
  options?: QueryOptions,
): Promise<SegmentValue[]> {
  const params = { derivation, fromUs: asOfUs - lookBackUs, asOfUs, limit };
  const rows = await clickhouse.query(segmentValues, params, options);
  return rows.map(({ place, ...row }) => ({ journey: journey.id, segment: journey.segments[place - 1] ?? '', ...row }));
}
