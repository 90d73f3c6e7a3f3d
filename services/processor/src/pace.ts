/**
 * How long a partition rests after a batch, in milliseconds: a batch that was full means more is waiting, so not at all;
 * after a small one until `lingerMs` after its beginning. Records that come meanwhile gather in the log, not in memory,
 * and go into one insert. The first record after a quiet time never waits.
 */
export function restAfterBatchMs(batch: {
  records: number;
  recordsMax: number;
  elapsedMs: number;
  lingerMs: number;
}): number {
  const isFull = batch.records >= batch.recordsMax / 2;
  return isFull ? 0 : Math.max(0, batch.lingerMs - batch.elapsedMs);
}
