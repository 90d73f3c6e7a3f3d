import type { ClickHouse } from '@michinori/clickhouse';
import type { WriteOutcome } from './bisect.ts';
import { type RowRefusal, rowRefusalOf } from './row-refusal.ts';

/** Makes the insert of one table: a refusal of the data is an outcome, every other failure is thrown. */
export function createWriteRows<R>(
  clickhouse: ClickHouse,
  { table, columns, toRow }: { table: string; columns: readonly string[]; toRow: (row: R) => readonly unknown[] },
) {
  return async function writeRows(rows: readonly R[]): Promise<WriteOutcome<RowRefusal>> {
    try {
      await clickhouse.insert({ table, columns, rows: rows.map(toRow) });
      return { written: true };
    } catch (error) {
      const refusal = rowRefusalOf(error);
      if (refusal === null) throw error;
      return { written: false, refusal };
    }
  };
}
