import { type RefusedRow, type WriteOutcome, writeBisecting } from './bisect.ts';
import { complement } from './complement.ts';
import type { ReadOffsets } from './offsets.ts';
import type { LogRange } from './range.ts';
import type { RowRefusal } from './row-refusal.ts';

/** What a table needs so that its rows of a range can be settled: written where missing, then read back. */
export interface SettleTable<R> {
  readOffsets: ReadOffsets;
  insert(rows: readonly R[]): Promise<WriteOutcome<RowRefusal>>;
  /** Offsets that can't be read back because an identical copy took the row's place. */
  findTwins(rows: readonly R[]): Promise<ReadonlySet<number>>;
  afterInsert(): void | Promise<void>;
}

export interface SettleResult<R> {
  refused: RefusedRow<R, RowRefusal>[];
  /** Rows that an insert had reported as written and the read-back didn't find, summed over the repairs. */
  repaired: number;
  /** Rows that are still not there after the last repair. */
  missing: R[];
}

/** Rewrites after the first write before the batch is given back to the log's retry. */
const repairsMax = 2;

/**
 * Brings the rows of a range into a table, each at least once: inserts those not in `present`, reads the offsets back,
 * and inserts again what isn't there. A row counts as there by its offset, or by an identical twin. Never trusts an
 * insert's word; gives up after {@link repairsMax} rewrites with the rest in `missing`.
 */
export async function settleRows<R extends { offset: number }>(
  table: SettleTable<R>,
  { range, rows, present }: { range: LogRange; rows: readonly R[]; present: ReadonlySet<number> },
): Promise<SettleResult<R>> {
  const refused: RefusedRow<R, RowRefusal>[] = [];
  let missing = complement(rows, present);
  let repaired = 0;
  for (let write = 0; missing.length > 0 && write <= repairsMax; write += 1) {
    if (write > 0) repaired += missing.length;
    const refusedNow = await writeBisecting(missing, table.insert);
    refused.push(...refusedNow);
    await table.afterInsert();
    const settled = new Set(refused.map(({ row }) => row.offset));
    const visible = await table.readOffsets(range);
    missing = rows.filter(({ offset }) => !visible.has(offset) && !present.has(offset) && !settled.has(offset));
    if (missing.length > 0) missing = complement(missing, await table.findTwins(missing));
  }
  return { refused, repaired, missing };
}

/** The negative control: believes every insert. Only tests can reach it. */
export async function settleRowsUnverified<R>(
  table: Pick<SettleTable<R>, 'insert' | 'afterInsert'>,
  rows: readonly R[],
): Promise<SettleResult<R>> {
  const refused = await writeBisecting(rows, table.insert);
  if (rows.length > 0) await table.afterInsert();
  return { refused, repaired: 0, missing: [] };
}
