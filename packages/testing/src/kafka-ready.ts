import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';

const pauseMs = 50;
const answerMsMax = 2_000;

/** How a client of kafkajs reaches a server. */
export type KafkaClientOptions = Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>;

/** Opens an administrator's connection that doesn't retry and doesn't log; the caller disconnects it. */
export async function connectAdmin(client: KafkaClientOptions, requestTimeout = 30_000): Promise<Admin> {
  const kafka = new Kafka({
    ...client,
    clientId: 'michinori-testing',
    logLevel: logLevel.NOTHING,
    connectionTimeout: answerMsMax,
    requestTimeout,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  await admin.connect();
  return admin;
}

/**
 * Waits until every broker of the list takes part in the cluster and groups have a coordinator. Rejects when `giveUp`
 * says why it's hopeless, or with the last answer when the time is over.
 */
export async function waitUntilReady(
  client: KafkaClientOptions,
  timeMsMax: number,
  giveUp: () => Promise<void>,
): Promise<void> {
  const until = Date.now() + timeMsMax;
  const expected = (client.brokers as string[]).length;
  for (;;) {
    await giveUp();
    try {
      const admin = await connectAdmin(client, answerMsMax);
      try {
        const { brokers } = await admin.describeCluster();
        if (brokers.length < expected) throw new Error(`${brokers.length} of ${expected} brokers take part`);
        await admin.fetchOffsets({ groupId: 'michinori-ready' });
        return;
      } finally {
        await admin.disconnect();
      }
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await delay(pauseMs);
  }
}
