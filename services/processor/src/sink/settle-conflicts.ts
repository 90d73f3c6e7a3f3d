import type { ClickHouse } from '@michinori/clickhouse';
import { conflictingClaims, customersOfContents, withdrawMarkers } from '@michinori/queries';
import type { Faults } from '../faults.ts';
import { type Claim, decideConflicts, type Mark } from './decide-conflicts.ts';
import type { LogRange } from './range.ts';

const markerColumns = [
  'content_hash',
  'event_id',
  'customer_key',
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
  /** Of everybody who has a content under one of the conflicting ids, whether its mark was changed or not. */
  customerKeys: ReadonlySet<string>;
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
    const { contentHash, customerKey, log, partition, offset } = loser;
    return [contentHash, eventId, customerKey, 'other_content', winner.contentHash, log, partition, offset];
  }

  /** Claims of earlier versions don't say whose they are: looked up by their content, and left out if it isn't stored. */
  async function withCustomers(claims: readonly Claim[]): Promise<Claim[]> {
    const keys = new Map<string, string>();
    for (const { contentHash, customerKey } of claims) if (customerKey !== '0') keys.set(contentHash, customerKey);
    const unknown = new Set(
      claims.map(({ contentHash }) => contentHash).filter((contentHash) => !keys.has(contentHash)),
    );
    if (unknown.size > 0) {
      const contentHashes = [...unknown].map((contentHash) => BigInt(contentHash));
      for (const row of await clickhouse.queryOnWriter(customersOfContents, { contentHashes }))
        keys.set(row.contentHash, row.customerKey);
    }
    return claims.map((claim) => ({ ...claim, customerKey: keys.get(claim.contentHash) ?? '0' }));
  }

  return async function settleConflicts(range: LogRange, eventIdsOf: EventIdsOf): Promise<ConflictResult> {
    const result: ConflictResult = { marked: 0, withdrawn: 0, customerKeys: new Set(), isSettled: false };
    for (let round = 0; round < roundsMax; round += 1) {
      const claims = await withCustomers(await clickhouse.queryOnWriter(conflictingClaims, range));
      const { add, withdraw } = decideConflicts(claims);
      await faults.at('sink.after-conflict-lookup');
      if (add.length === 0 && withdraw.length === 0)
        return { ...result, customerKeys: knownKeys(claims), isSettled: true };
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

function knownKeys(claims: readonly Claim[]): ReadonlySet<string> {
  return new Set(claims.map(({ customerKey }) => customerKey).filter((key) => key !== '0'));
}
