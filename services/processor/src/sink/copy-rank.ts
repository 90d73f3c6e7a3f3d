/** Where and when a copy of an event was received: what decides which of several copies counts. */
export interface Receipt {
  receivedAtUs: number;
  log: string;
  partition: number;
  offset: number;
}

/**
 * Orders copies of one event: the earliest receipt first, ties by log (code units), partition, offset. Total, because no
 * two records share a place in the log; so the winner is a function of the set of copies, not of their arrival.
 */
export function compareReceipts(a: Receipt, b: Receipt): number {
  if (a.receivedAtUs !== b.receivedAtUs) return a.receivedAtUs - b.receivedAtUs;
  if (a.log !== b.log) return a.log < b.log ? -1 : 1;
  if (a.partition !== b.partition) return a.partition - b.partition;
  return a.offset - b.offset;
}
