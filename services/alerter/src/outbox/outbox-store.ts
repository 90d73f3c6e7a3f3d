import type { Delivery } from './delivery.ts';

/**
 * Where deliveries are remembered. One process at a time uses it. Rejections are errors of the store; whoever called tries again.
 */
export interface OutboxStore {
  /**
   * Adds deliveries, and answers those that weren't there before, by id and channel; the others stay as they are. Durable when resolved; after a
   * rejection some may be there.
   */
  append(deliveries: readonly Delivery[]): Promise<readonly Delivery[]>;
  /** Those that aren't final, in the order of their sequence. */
  unfinished(): Promise<readonly Delivery[]>;
  /** Replaces what is known of a delivery, unless a higher revision is. Durable when resolved. */
  record(delivery: Delivery): Promise<void>;
}
