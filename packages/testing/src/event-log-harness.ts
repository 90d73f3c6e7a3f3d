import type { Batch, ConsumeOptions, Consumption, EventLog, LogRecord, StoredRecord } from '@michinori/event-log';
import { expect, vi } from 'vitest';

/** What an adapter has to offer so that the contract can be run against it. */
export interface EventLogHarness {
  log: EventLog;
  /** A topic that nobody has used; it is created by its first use. */
  topic: string;
  /** Partitions of that topic: at least 2. */
  partitions: number;
  /** Closes `log` and opens it again over the same records. */
  reopen(): Promise<EventLog>;
  /** Loses the records of a partition before an offset, as an operator or a retention would. */
  discardBefore(partition: number, offset: number): Promise<void>;
}

export interface EventLogContext {
  onTestFinished(close: () => Promise<void> | void): void;
}

export type OpenEventLogHarness = (context: EventLogContext) => Promise<EventLogHarness>;

const utf8 = new TextEncoder();

export function record(key: string, text: string): LogRecord {
  return { key, value: utf8.encode(text) };
}

export function textOf({ value }: { value: Uint8Array }): string {
  return new TextDecoder().decode(value);
}

/** Records `text-0 …` whose keys reach every partition sooner or later. */
export function manyRecords(count: number, prefix = 'text'): LogRecord[] {
  return Array.from({ length: count }, (_, index) => record(`key-${index}`, `${prefix}-${index}`));
}

/** A key of every partition, in the order of the partitions. */
export function keyPerPartition(
  partitionOf: (key: string, partitions: number) => number,
  partitions: number,
): string[] {
  const keys = new Map<number, string>();
  for (let index = 0; keys.size < partitions; index += 1) {
    const partition = partitionOf(`k${index}`, partitions);
    if (!keys.has(partition)) keys.set(partition, `k${index}`);
  }
  return [...keys].sort(([a], [b]) => a - b).map(([, key]) => key);
}

/** Everything of a topic that is stored, by partition. */
export async function readAll(log: EventLog, topic: string): Promise<StoredRecord[][]> {
  const ranges = await log.positions(topic);
  const limits = { recordsMax: 1_000_000, bytesMax: 1 << 30 };
  return Promise.all(ranges.map(({ partition, earliest }) => log.read(topic, partition, earliest, limits)));
}

export function until(condition: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(condition, { timeout: 90_000, interval: 2 });
}

export interface Recorder {
  batches: Batch[];
  records(): StoredRecord[];
  assigned: { partition: number; committed: number }[];
  revoked: number[];
  fatal: Error[];
  attempts: number[];
  consumption: Consumption;
}

/** Consumes and writes down what happens; the handlers given are called after the note was taken. */
export async function startRecorder(
  log: EventLog,
  topic: string,
  options: Partial<ConsumeOptions> = {},
): Promise<Recorder> {
  const { onBatch, onAssigned, retryDelayMs, ...rest } = options;
  const notes = {
    batches: [] as Batch[],
    assigned: [] as Recorder['assigned'],
    revoked: [] as number[],
    fatal: [] as Error[],
    attempts: [] as number[],
  };
  const consumption = await log.consume({
    group: 'readers',
    topic,
    batchRecordsMax: 100,
    batchBytesMax: 1 << 20,
    retryDelayMs(attempt) {
      notes.attempts.push(attempt);
      return retryDelayMs?.(attempt) ?? 1;
    },
    async onAssigned(assigned) {
      notes.assigned.push(assigned);
      await onAssigned?.(assigned);
    },
    async onBatch(batch) {
      notes.batches.push(batch);
      await onBatch?.(batch);
    },
    onRevoked: ({ partition }) => notes.revoked.push(partition),
    onFatal: (error) => notes.fatal.push(error),
    ...rest,
  });
  return { ...notes, records: () => notes.batches.flatMap(({ records }) => records), consumption };
}

/** Offsets of each partition in the order of delivery. */
export function offsetsByPartition(records: readonly StoredRecord[], partitions: number): number[][] {
  const offsets: number[][] = Array.from({ length: partitions }, () => []);
  for (const { partition, offset } of records) offsets[partition]?.push(offset);
  return offsets;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** Rejects with an error of the log that has this code. */
export async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'EventLogError', code });
}

/** A promise and the function that settles it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
