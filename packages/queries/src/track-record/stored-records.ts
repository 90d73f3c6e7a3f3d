import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import type { HealthRecordBand, HealthRecordStage } from './health-record.ts';
import type { SuggestionRow } from './point-suggestions.ts';
import type { HealthRecord } from './record-health.ts';

/** Columns of the table `health_track_records`, in the order of {@link healthRecordRow}. */
export const healthRecordColumns = [
  ...['journey', 'as_of', 'evaluated_at', 'version', 'stages', 'bands', 'suggestions'],
] as const;

/** A record as a row of its table. `evaluatedUs`: now. */
export function healthRecordRow(record: HealthRecord, evaluatedUs: number): readonly unknown[] {
  const { journey, asOfUs, version, stages, bands, suggestions } = record;
  const texts = [stages, bands, suggestions].map((value) => JSON.stringify(value));
  return [journey, asOfUs, evaluatedUs, version, ...texts];
}

const records = defineQuery({
  name: 'health-records',
  sql: `
    SELECT journey AS id, as_of AS asOfUs, argMin((version, stages, bands, suggestions), evaluated_at) AS record
    FROM health_track_records
    WHERE journey = {journey:String} AND as_of >= {fromUs:Int64} AND as_of <= {upToUs:Int64}
    GROUP BY id, asOfUs
    ORDER BY asOfUs DESC
    LIMIT {limit:UInt32}`,
  params: z.object({ journey: z.string(), fromUs: z.int(), upToUs: z.int(), limit: z.int() }),
  row: z.object({
    id: z.string(),
    asOfUs: integerColumn,
    record: z.tuple([z.number(), z.string(), z.string(), z.string()]),
  }),
});

/** Of records that were written before skill was judged. */
const noSkill = { brier: null, brierBase: null, skill: null, skillLo: null, skillHi: null };

/** Records of a journey from and up to instants (both included), the newest first; of several of one night the first. */
export async function readHealthRecords(
  clickhouse: ClickHouse,
  asked: { readonly journey: string; readonly fromUs: number; readonly upToUs: number; readonly limit: number },
  options?: QueryOptions,
): Promise<HealthRecord[]> {
  const rows = await clickhouse.query(records, asked, options);
  return rows.map(({ id, asOfUs, record: [version, stages, bands, suggestions] }) => ({
    ...{ journey: id, asOfUs, version },
    // Written by `healthRecordRow`.
    stages: (JSON.parse(stages) as HealthRecordStage[]).map((stage) => ({ ...noSkill, ...stage })),
    bands: JSON.parse(bands) as HealthRecordBand[],
    suggestions: JSON.parse(suggestions) as SuggestionRow[],
  }));
}
