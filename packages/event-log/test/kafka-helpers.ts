import { randomUUID } from 'node:crypto';
import type { Admin } from 'kafkajs';
import { gate } from '../../testing/src/event-log-harness.ts';
import { connectAdmin, type KafkaServer } from '../../testing/src/kafka.ts';
import type { EventLog } from '../src/index.ts';
import { type KafkaLogOptions, openKafkaLog } from '../src/kafka/index.ts';
import type { Closing } from './helpers.ts';

/** A name that no other test uses. */
export function uniqueName(base: string): string {
  return `${base}-${randomUUID().slice(0, 8)}`;
}

/** Options for a test server: four partitions, and a session that is over soon. */
export function kafkaLogOptions(
  server: Pick<KafkaServer, 'brokers'>,
  options: Partial<KafkaLogOptions> = {},
): KafkaLogOptions {
  return { brokers: server.brokers, partitions: 4, sessionTimeoutMs: 6000, ...options };
}

/** A log on a test server, closed after the test. */
export async function openTestLog(
  context: Closing,
  server: Pick<KafkaServer, 'brokers'>,
  options: Partial<KafkaLogOptions> = {},
): Promise<EventLog> {
  const log = await openKafkaLog(kafkaLogOptions(server, options));
  context.onTestFinished(() => log.close());
  return log;
}

/** A handler that holds its batch until it is released, at the latest when the test is over. */
export function heldHandler(context: Closing): { onBatch: () => Promise<void>; release: () => void } {
  const { opened, open } = gate();
  context.onTestFinished(open);
  return { onBatch: () => opened, release: open };
}

/** Does something as an administrator of the server. */
export async function asAdmin<T>(server: Pick<KafkaServer, 'client'>, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = await connectAdmin(server.client);
  try {
    await admin.fetchTopicMetadata();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

export async function deleteRecordsBefore(
  server: Pick<KafkaServer, 'client'>,
  topic: string,
  partition: number,
  offset: number,
): Promise<void> {
  await asAdmin(server, async (admin) => {
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
  });
}

/** The settings of a topic as this adapter would make it, some of them different. */
export function topicEntries(different: Readonly<Record<string, string>> = {}): { name: string; value: string }[] {
  const settings = { 'retention.ms': '-1', 'retention.bytes': '-1', 'max.message.bytes': '8388608', ...different };
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}
