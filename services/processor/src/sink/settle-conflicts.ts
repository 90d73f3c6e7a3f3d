import type { ClickHouse } from '@michinori/clickhouse';
import { conflictingClaims, withdrawMarkers } from '@michinori/queries';
import type { Faults } from '../faults.ts';
import { decideConflicts, type Mark } from './decide-conflicts.ts';
import type { LogRange } from './range.ts';

const markerColumns = [
  'content_hash',
  'event_id',
  'reason',
  'winner_hash',
  'log',
  'log_partition',
  'log_offset',
] as const;

const roundsMax = 8;

/** Finds the event ids behind some hashes of the range's ids. Asked only when there is something to mark. */
export type EventIdsOf = (idHashes: ReadonlySet<string>) => Promise<ReadonlyMap<string, string>>;

export interface ConflictResult {
  marked: number;
  withdrawn: number;
  /** False if other workers kept changing the marks; the batch has to be tried again. */
  isSettled: boolean;
}

/**
 * Marks the contents that lost among the claims of a range's ids, and withdraws marks of contents that win. Reads again
 * after every change until there is nothing to change: so of several workers the last one to write leaves the marks that
 * follow from all claims.
 */
export function createSettleConflicts({ clickhouse, faults }: { clickhouse: ClickHouse; faults: Faults }) {
  function markerRow({ loser, winner }: Mark, eventIds: ReadonlyMap<string, string>): readonly unknown[] {
    const eventId = eventIds.get(loser.idHash) ?? '';
    return [loser.contentHash, eventId, 'other_content', winner.contentHash, loser.log, loser.partition, loser.offset];
  }

  return async function settleConflicts(range: LogRange, eventIdsOf: EventIdsOf): Promise<ConflictResult> {
    const result: ConflictResult = { marked: 0, withdrawn: 0, isSettled: false };
    for (let round = 0; round < roundsMax; round += 1) {
      const { add, withdraw } = decideConflicts(await clickhouse.queryOnWriter(conflictingClaims, range));
      await faults.at('sink.after-conflict-lookup');
      if (add.length === 0 && withdraw.length === 0) return { ...result, isSettled: true };
      const eventIds = await eventIdsOf(new Set(add.map(({ loser }) => loser.idHash)));
      await clickhouse.insert({
        table: 'superseded_events',
        columns: markerColumns,
        rows: add.map((mark) => markerRow(mark, eventIds)),
      });
      await faults.at('sink.after-conflict-mark');
      if (withdraw.length > 0) {
        await clickhouse.command(withdrawMarkers, {
          contentHashes: withdraw.map(({ contentHash }) => BigInt(contentHash)),
        });
      }
      result.marked += add.length;
      result.withdrawn += withdraw.length;
    }
    return result;
  };
}
