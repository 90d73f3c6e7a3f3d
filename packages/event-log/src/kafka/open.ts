import { EventLogError } from '../errors.ts';
import type {
  ConsumeOptions,
  Consumption,
  EventLog,
  LogRecord,
  Position,
  ReadLimits,
  StoredRecord,
} from '../event-log.ts';
import { assertName } from '../name.ts';
import { sizeRecord } from '../sized-record.ts';
import { createAppender } from './appender.ts';
import { classifyFailure } from './classify.ts';
import { clientConfig } from './client.ts';
import { startConsumption } from './consumption.ts';
import type { FetchContext } from './fetch-partition.ts';
import { readCommitted } from './group-offsets.ts';
import { createLink } from './link.ts';
import type { KafkaLogOptions } from './options.ts';
import { createPartitionReader } from './partition-reader.ts';
import { persist } from './pause.ts';
import { readPositions } from './positions.ts';
import { createTopics, type Topic } from './topics.ts';
import { createWatcher } from './watcher.ts';
import { metadataRequest } from './wire/metadata-request.ts';

/** How long reading and asking are tried while brokers can't be reached. */
const answerMsMax = 15_000;

/**
 * Opens the log on Kafka: connects, then creates or checks the topics that are named in the options. Rejects with `log_unavailable` if the
 * brokers can't be reached now, and with what people have to mend: `log_authentication_failed`, `log_not_authorized`, `topic_mismatch`,
 * `log_incompatible`. What is guaranteed and how: docs/kafka.md.
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<EventLog> {
  const { recordBytesMax = 4 << 20, pendingBytesMax = 64 << 20, appendTimeoutMs = 30_000, observe } = options;
  const config = clientConfig(options);
  const reading = createLink(config);
  const writing = createLink(config);
  const topics = createTopics(options, config, reading, recordBytesMax);
  const fetch: FetchContext = { link: reading, topics, observe };
  const watcher = createWatcher(reading);
  const appender = createAppender({
    ...{ link: writing, appendTimeoutMs, pendingBytesMax, observe },
    compression: options.compression ?? 'none',
  });
  const consumptions = new Set<Consumption>();
  const appending = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function topicOf(name: string): Promise<Topic> {
    if (closing) throw new EventLogError('log_closed', 'the event log is closed');
    return topics.get(name);
  }

  async function append(topic: string, records: readonly LogRecord[]): Promise<Position[]> {
    const sized = records.map((record) => sizeRecord(record, recordBytesMax));
    const weight = sized.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
    if (weight > pendingBytesMax)
      throw new EventLogError(
        'append_too_large',
        `an append of ${weight} bytes exceeds the limit of ${pendingBytesMax}`,
      );
    const found = await topicOf(topic);
    return sized.length === 0 ? [] : appender.append(found, sized, weight);
  }

  async function read(
    topic: Topic,
    partition: number,
    fromOffset: number,
    limits: ReadLimits,
  ): Promise<StoredRecord[]> {
    const reader = createPartitionReader(fetch, topic, partition, fromOffset);
    const records: StoredRecord[] = [];
    let bytes = 0;
    while (records.length < limits.recordsMax && (records.length === 0 || bytes < limits.bytesMax)) {
      const piece = await reader.next({
        recordsMax: limits.recordsMax - records.length,
        bytesMax: limits.bytesMax - bytes,
      });
      if (piece.records.length === 0) break;
      for (const record of piece.records) {
        bytes += record.value.length;
        if (records.length > 0 && bytes > limits.bytesMax) return records;
        records.push(record);
      }
    }
    return records;
  }

  async function startConsuming(consume: ConsumeOptions): Promise<Consumption> {
    assertName('group', consume.group);
    if (!(consume.batchRecordsMax >= 1)) throw new RangeError('batchRecordsMax must be at least 1');
    const topic = await topicOf(consume.topic);
    if (closing) throw new EventLogError('log_closed', 'the event log is closed');
    const consumption = startConsumption({
      ...{ options: consume, fetch, watcher, topic, config },
      sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
      onEnded: () => consumptions.delete(consumption),
    });
    consumptions.add(consumption);
    return consumption;
  }

  async function close(): Promise<void> {
    await Promise.all([...consumptions].map((consumption) => consumption.stop()));
    await Promise.allSettled(appending);
    await appender.close();
    await Promise.all([writing.close(), reading.close()]);
  }

  try {
    await reading.send(undefined, metadataRequest([]), { connection: 0, timeoutMs: options.connectTimeoutMs ?? 5000 });
    await Promise.all(Object.keys(options.topics ?? {}).map((name) => topics.get(name)));
  } catch (error) {
    await Promise.all([writing.close(), reading.close()]);
    throw classifyFailure(error, 'opening the event log');
  }

  return {
    append(topic, records) {
      const outcome = append(topic, records);
      appending.add(outcome);
      outcome.catch(() => {}).finally(() => appending.delete(outcome));
      return outcome;
    },
    async read(topic, partition, fromOffset, limits) {
      const found = await topicOf(topic);
      if (!Number.isSafeInteger(partition) || partition < 0 || partition >= found.partitions)
        throw new EventLogError(
          'partition_unknown',
          `${topic} has the partitions 0…${found.partitions - 1}, not ${partition}`,
        );
      if (!Number.isSafeInteger(fromOffset) || fromOffset < 0)
        throw new EventLogError('offset_out_of_range', `${topic}/${partition} has no offset ${fromOffset}`);
      return persist(`reading ${topic}/${partition}`, answerMsMax, () => read(found, partition, fromOffset, limits));
    },
    async positions(topic) {
      const found = await topicOf(topic);
      return persist(`looking for the offsets of ${topic}`, answerMsMax, () => readPositions(reading, found));
    },
    async generation(topic) {
      const found = await topicOf(topic);
      const doing = `looking for the topic ${found.physical}`;
      return (await persist(doing, answerMsMax, () => topics.describe(found.physical)))?.id ?? found.id;
    },
    consume: startConsuming,
    async committed(group, topic) {
      assertName('group', group);
      const found = await topicOf(topic);
      const doing = `looking for the offsets of the group ${group}`;
      return persist(doing, answerMsMax, () => readCommitted(reading, group, found));
    },
    async lag(group, topic) {
      assertName('group', group);
      const found = await topicOf(topic);
      const committed = await persist(`looking for the lag of ${group}`, answerMsMax, () =>
        readCommitted(reading, group, found),
      );
      const ranges = await persist(`looking for the lag of ${group}`, answerMsMax, () => readPositions(reading, found));
      return ranges.map(({ partition, earliest, next }) => ({
        partition,
        lag: Math.max(next - (committed.get(partition) ?? earliest), 0),
      }));
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
