/** What a producer hands over. The value is taken as it is: don't change it before `append` has settled. */
export interface LogRecord {
  key: string;
  value: Uint8Array;
}

/**
 * A record with its place. `appendedAtUs`: microseconds since the epoch, never decreasing inside a partition (on Kafka: as far as the clocks
 * of the brokers that led it agree).
 */
export interface StoredRecord {
  topic: string;
  partition: number;
  offset: number;
  appendedAtUs: number;
  key: string;
  value: Uint8Array;
}

export interface Position {
  partition: number;
  offset: number;
}

/** The readable range of a partition: `earliest` is the first offset that is still stored, `next` the one that the next append gets. */
export interface PartitionRange {
  partition: number;
  earliest: number;
  next: number;
}

/**
 * Consecutive records of one partition, never empty. `firstOffset` is where reading began, `nextOffset` what to commit when all of them are
 * done. On Kafka offsets in between may be missing: markers of transactions, and what compaction has removed.
 */
export interface Batch {
  topic: string;
  partition: number;
  generation: string;
  records: StoredRecord[];
  firstOffset: number;
  nextOffset: number;
}

/** Upper bounds of one read. The first record is always returned, even if it alone is larger than `bytesMax`. */
export interface ReadLimits {
  recordsMax: number;
  bytesMax: number;
}

export interface AssignedPartition {
  topic: string;
  partition: number;
  generation: string;
  /** Where the partition's first batch begins: the committed offset, or the earliest one if the group has never committed. */
  committed: number;
}

/** Settings of one topic that differ from those of the log. They are stored when the topic is created, and hold from then on. */
export interface TopicSettings {
  readonly partitions: number;
  /** Whether its records are kept for ever: no retention removes any. Default false. */
  readonly isKept?: boolean;
}

export interface ConsumeOptions {
  group: string;
  topic: string;
  batchRecordsMax: number;
  batchBytesMax: number;
  /** Milliseconds to wait before attempt + 1, after failed attempt `attempt` (from 1). */
  retryDelayMs: (attempt: number) => number;
  /** Awaited before the partition's first batch; a rejection is retried like that of a batch. */
  onAssigned(partition: AssignedPartition): Promise<void>;
  /**
   * One batch at a time per partition, in order. A rejection means: the same batch again, for ever, after `retryDelayMs`; other partitions
   * go on meanwhile.
   */
  onBatch(batch: Batch): Promise<void>;
  /** The partition is no longer ours: after `stop`, or when another member took it. No batch of it follows. */
  onRevoked?(partition: { topic: string; partition: number }): void;
  /** Consumption of a partition (or all of it) can't go on without a human decision, e.g. `offset_out_of_range`. Nothing is skipped. */
  onFatal(error: Error): void;
}

export interface Consumption {
  /**
   * Everything before `nextOffset` is done for this group; durable when resolved. Monotone: a lower value than the committed one changes
   * nothing. Only what was delivered can be committed (`commit_out_of_range`), only while the partition is ours (`partition_revoked`), and
   * only until `stop` has resolved. While the log can't be reached it waits.
   */
  commit(partition: number, nextOffset: number): Promise<void>;
  /** No further batch begins; resolves when the running handlers have settled. May be called twice. */
  stop(): Promise<void>;
}

/**
 * The log of everything that happened: topics of partitions of consecutively numbered binary records. A record's partition follows from its
 * key (`partitionOf`), so that all records of a key keep their order. Every rejection is an `EventLogError`.
 */
export interface EventLog {
  /**
   * Appends records and resolves with one position per record, in the order given, only when all of them are durable. After a rejection none
   * of them is stored, with three exceptions: after `log_write_failed` (embedded) and `append_outcome_unknown` (Kafka) some may be; and when
   * Kafka refuses one record (`record_too_large`, `record_invalid`, `log_not_authorized` by the broker) those in other partitions may be.
   * A repetition after `append_outcome_unknown` may store records twice: readers tell by an id in the record.
   */
  append(topic: string, records: readonly LogRecord[]): Promise<Position[]>;
  /** Records from `fromOffset` on; empty at the end of the partition. `offset_out_of_range` outside earliest … next: never a silent jump. */
  read(topic: string, partition: number, fromOffset: number, limits: ReadLimits): Promise<StoredRecord[]>;
  positions(topic: string): Promise<PartitionRange[]>;
  /** Identifies this incarnation of the topic: an offset means nothing without it. It changes when the log is created anew. */
  generation(topic: string): Promise<string>;
  /** Begins at the committed offsets of the group, or at the earliest ones. */
  consume(options: ConsumeOptions): Promise<Consumption>;
  /** Partition → committed offset; partitions that were never committed are missing. */
  committed(group: string, topic: string): Promise<Map<number, number>>;
  /** Records that the group has not committed yet, per partition. */
  lag(group: string, topic: string): Promise<{ partition: number; lag: number }[]>;
  /** Stops consumptions, waits for pending appends, releases everything. May be called twice. */
  close(): Promise<void>;
}
