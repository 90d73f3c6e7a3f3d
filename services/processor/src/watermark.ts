import { type EventLog, isEventLogError } from '@michinori/event-log';
import { topics } from '@michinori/events';
import type { Clock } from './clock.ts';

/** Where a partition stands: the append time of the first record that isn't committed yet, null if there is none. */
export interface PartitionProgress {
  firstWaitingAppendedAtUs: number | null;
}

/**
 * The watermark: every event that was appended to the log before this instant is visible. The least over all partitions of
 * the first waiting record's append time; a partition with nothing waiting counts as of `observedAtUs`, the instant before
 * the positions were read. It is about receipt, not about `occurredAt`: late events can concern any time before it.
 */
export function watermarkOf(partitions: readonly PartitionProgress[], observedAtUs: number): number {
  return partitions.reduce(
    (least, { firstWaitingAppendedAtUs }) => Math.min(least, firstWaitingAppendedAtUs ?? observedAtUs),
    observedAtUs,
  );
}

/** Reads the watermark (µs) of a group from the log: the same for every process that asks. */
export async function readWatermarkUs({
  log,
  group,
  clock,
}: {
  log: EventLog;
  group: string;
  clock: Clock;
}): Promise<number> {
  const observedAtUs = clock.nowUs();
  const positions = await log.positions(topics.events);
  const committed = await log.committed(group, topics.events);
  const progress = await Promise.all(
    positions.map(async ({ partition, earliest, next }): Promise<PartitionProgress> => {
      const from = committed.get(partition) ?? earliest;
      if (from >= next) return { firstWaitingAppendedAtUs: null };
      const [first] = await readFrom(log, partition, Math.max(from, earliest));
      return { firstWaitingAppendedAtUs: first?.appendedAtUs ?? null };
    }),
  );
  return watermarkOf(progress, observedAtUs);
}

async function readFrom(log: EventLog, partition: number, offset: number) {
  try {
    return await log.read(topics.events, partition, offset, { recordsMax: 1, bytesMax: 1 });
  } catch (error) {
    if (!isEventLogError(error, 'offset_out_of_range')) throw error;
    const { earliest } =
      (await log.positions(topics.events)).find((position) => position.partition === partition) ?? {};
    return earliest === undefined ? [] : log.read(topics.events, partition, earliest, { recordsMax: 1, bytesMax: 1 });
  }
}
