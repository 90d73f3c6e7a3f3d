import { afterAll, beforeAll } from 'vitest';
import type { Cleanup } from './clickhouse-temporary.ts';
import type { KafkaOptions, KafkaServer } from './kafka-cluster.ts';
import { type ProvidedKafka, provideKafka } from './kafka-provision.ts';

export type { JvmTuning, KafkaBroker } from './kafka-broker.ts';
export type { KafkaOptions, KafkaServer } from './kafka-cluster.ts';
export type { KafkaSecurity } from './kafka-configuration.ts';
export { type ProvidedKafka, provideKafka } from './kafka-provision.ts';
export { connectAdmin, type KafkaClientOptions } from './kafka-ready.ts';

const startMsMax = 900_000;

/** The part of a vitest context that decides whether a test can run. */
export interface Skipping {
  skip(note?: string): never;
}

function serverOf(provided: ProvidedKafka, context: Skipping): KafkaServer {
  if (provided.outcome === 'started') return provided.server;
  if (process.env.REQUIRE_KAFKA === '1') throw new Error(provided.reason);
  return context.skip(provided.reason);
}

/** A Kafka for one test, removed with it. Where none can be had the test is skipped, or fails with `REQUIRE_KAFKA=1`. */
export async function startKafka(context: Cleanup & Skipping, options: KafkaOptions = {}): Promise<KafkaServer> {
  const provided = await provideKafka(options);
  if (provided.outcome === 'started') context.onTestFinished(() => provided.server.remove());
  return serverOf(provided, context);
}

/**
 * One Kafka for all tests of a file (or of the `describe` around the call), started before the first and removed after
 * the last. Each test asks the function that this returns, and is skipped there when there is none.
 */
export function sharedKafka(options: KafkaOptions = {}): (context: Skipping) => KafkaServer {
  let provided: ProvidedKafka = { outcome: 'unavailable', reason: 'no Kafka: asked for before the tests began' };
  beforeAll(async () => {
    provided = await provideKafka(options);
  }, startMsMax);
  afterAll(async () => {
    if (provided.outcome === 'started') await provided.server.remove();
  });
  return (context) => serverOf(provided, context);
}
