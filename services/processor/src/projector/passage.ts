/** A partition while it is ours, with the ranges that are sunk and not committed yet, in their order. */
export interface Tenancy {
  readonly topic: string;
  readonly partition: number;
  /** No longer ours: nothing of it is projected or committed any more. */
  isRevoked: boolean;
  /** Everything before this offset has been handed over. */
  handedBefore: number;
  passages: Passage[];
}

/** One sunk range on its way to its commit. */
export interface Passage {
  readonly tenancy: Tenancy;
  readonly nextOffset: number;
  /** Rounds that have to succeed before it may be committed. */
  waiting: number;
  /** Receipts (µs) of its events, until they can be seen. */
  receivedAtUs: readonly number[];
}

/** How many passages at the head of a partition are done, and the offset to commit for them. */
export function committable({ passages }: Tenancy): { count: number; nextOffset: number } {
  const firstWaiting = passages.findIndex(({ waiting }) => waiting > 0);
  const count = firstWaiting === -1 ? passages.length : firstWaiting;
  return { count, nextOffset: passages[count - 1]?.nextOffset ?? 0 };
}
